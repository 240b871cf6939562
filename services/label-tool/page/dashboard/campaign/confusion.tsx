// What is taken for what: a heat map that is a table, so that every number can be read.
import { useId, useState } from 'preact/hooks';
import type { TaskClass } from '../../../api-types.ts';
import { compactText, countText, percentText } from '../../plot/numbers.ts';
import { Segmented } from '../segmented.tsx';
import { rowShares } from './row-shares.ts';

export interface ConfusionProps {
  readonly classes: readonly TaskClass[];
  readonly cycle: number;
  /** Row-major: rows true classes, columns predicted ones. */
  readonly confusion: readonly number[];
}

export function Confusion({ classes, cycle, confusion }: ConfusionProps) {
  const [unit, setUnit] = useState<'percent' | 'pixels'>('percent');
  const titleId = useId();
  const size = classes.length;
  const shares = rowShares(confusion, size);
  return (
    <section class="panel" aria-labelledby={titleId}>
      <header class="panel-head">
        <div>
          <h2 id={titleId}>Confusion of the model of cycle {cycle + 1}</h2>
          <p class="quiet">Rows are true classes, columns what they are taken for.</p>
        </div>
        <span class="grow" />
        <Segmented
          name="confusion-unit"
          label="Numbers of the confusion matrix"
          choices={[
            { value: 'percent', text: '%' },
            { value: 'pixels', text: 'px' },
          ]}
          value={unit}
          choose={setUnit}
        />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section class="table-scroll" tabIndex={0} aria-label="Confusion matrix">
        <table class="confusion">
          <caption class="hidden">
            Confusion matrix, {unit === 'percent' ? 'percent of the true class' : 'pixels'}
          </caption>
          <thead>
            <tr>
              <td />
              {classes.map(({ id, name }) => (
                <th key={id} scope="col">
                  <span>{name}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {classes.map(({ id, name }, row) => (
              <tr key={id}>
                <th scope="row">{name}</th>
                {classes.map((predicted, column) => {
                  const at = row * size + column;
                  const [count, share] = [confusion[at] ?? 0, shares[at] ?? 0];
                  return (
                    <td
                      key={predicted.id}
                      style={{
                        background: `color-mix(in oklab, var(--heat) ${(100 * Math.sqrt(share)).toFixed(0)}%, var(--surface))`,
                      }}
                      title={`${name} taken for ${predicted.name}: ${countText(count)} px, ${percentText(share)}`}
                    >
                      {unit === 'pixels' ? compactText(count) : count === 0 ? '' : wholePercent(share)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

function wholePercent(share: number): string {
  return share < 0.005 ? '·' : String(Math.round(100 * share));
}
