// A small curve for each class over the cycles, all on one scale.
import type { TaskClass } from '../../../api-types.ts';
import type { CycleView } from '../../../dashboard-types.ts';
import { Figure } from '../../plot/figure.tsx';
import { iouText, pointsText } from '../../plot/numbers.ts';
import { Sparkline } from '../../plot/sparkline.tsx';

export interface ClassIouProps {
  readonly classes: readonly TaskClass[];
  /** With an evaluation. */
  readonly cycles: readonly CycleView[];
}

const SCALE = [0, 1] as const;

export function ClassIou({ classes, cycles }: ClassIouProps) {
  const iouOf = (id: number) => cycles.map(({ evaluation }) => evaluation!.iou[id] ?? null);
  return (
    <Figure
      title="IoU of each class over the cycles"
      note="All curves from 0 to 1."
      table={{
        caption: 'IoU of each class over the cycles',
        columns: [{ name: 'Class', text: true }, ...cycles.map(({ cycle }) => ({ name: `Cycle ${cycle + 1}` }))],
        rows: classes.map(({ id, name }) => [name, ...iouOf(id).map(iouText)]),
      }}
    >
      <ul class="class-grid">
        {classes.map(({ id, name, color }) => {
          const values = iouOf(id);
          const there = values.filter((value) => value !== null);
          return (
            <li key={id} class="class-cell">
              <p>
                <span class="swatch" style={{ background: color }} />
                {name}
              </p>
              <Sparkline
                values={values}
                range={SCALE}
                width={130}
                height={56}
                label={`${name}: ${values.map(iouText).join(', ')}`}
              />
              <p>
                <strong class="number">{iouText(there.at(-1))}</strong>{' '}
                <span class="quiet number">{there.length > 1 ? pointsText(there.at(-1)! - there[0]!) : ''}</span>
              </p>
            </li>
          );
        })}
      </ul>
    </Figure>
  );
}
