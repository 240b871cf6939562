// Where the time went: seconds of work by phase, a bar for each cycle. Pure.
import { strategyText } from '../numbers.ts';
import { PHASES, type Report } from '../report.ts';
import type { ChartSpec } from './svg.ts';

const WIDTH_PX = 780;
const ROW_PX = 24;

export function phaseSeconds({ campaigns }: Report): ChartSpec {
  const rows = campaigns.flatMap(({ name, cycles }) =>
    cycles.map(({ cycle, seconds }) => ({ row: `${strategyText(name)} ${cycle + 1}`, seconds })),
  );
  const values = rows.flatMap(({ row, seconds }) =>
    PHASES.map((phase, order) => ({ row, phase, order, seconds: seconds[phase] })),
  );
  return {
    width: WIDTH_PX,
    height: { step: ROW_PX },
    data: { values },
    mark: { type: 'bar', height: 15 },
    encoding: {
      y: { field: 'row', type: 'nominal', sort: rows.map(({ row }) => row), title: null },
      x: { field: 'seconds', type: 'quantitative', title: 'seconds of work' },
      order: { field: 'order' },
      color: {
        field: 'phase',
        type: 'nominal',
        scale: { domain: [...PHASES], range: PHASES.map((phase) => `var(--phase-${phase})`) },
      },
    },
  } as unknown as ChartSpec;
}
