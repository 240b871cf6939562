import type { ComponentChildren } from 'preact';
import type { Table } from './table.ts';

/** The first cell of a row names it. */
export function DataTable({ caption, columns, rows }: Table<ComponentChildren>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section class="table-scroll" tabIndex={0} aria-label={caption}>
      <table class="data">
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ name, text }) => (
              <th key={name} scope="col" class={text ? 'text' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            <tr key={row}>
              {cells.map((cell, at) =>
                at === 0 ? (
                  <th key={at} scope="row" class={columns[at]?.text ? 'text' : undefined}>
                    {cell}
                  </th>
                ) : (
                  <td key={at} class={columns[at]?.text ? 'text' : undefined}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
