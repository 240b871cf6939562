// A chart with its heading and, by one button, the same numbers as a table.
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { DataTable } from './data-table.tsx';
import type { Table } from './table.ts';

export interface FigureProps {
  readonly title: string;
  readonly note?: ComponentChildren;
  readonly table: Table;
  readonly controls?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Figure({ title, note, table, controls, children }: FigureProps) {
  const [asTable, setAsTable] = useState(false);
  const titleId = useId();
  return (
    <section class="panel figure" aria-labelledby={titleId}>
      <header class="panel-head">
        <div>
          <h2 id={titleId}>{title}</h2>
          {note && <p class="quiet">{note}</p>}
        </div>
        <span class="grow" />
        {controls}
        <button
          type="button"
          class="small"
          aria-pressed={asTable}
          aria-label={`${title} as a table`}
          onClick={() => setAsTable(!asTable)}
        >
          Table
        </button>
      </header>
      {asTable ? <DataTable {...table} /> : children}
    </section>
  );
}
