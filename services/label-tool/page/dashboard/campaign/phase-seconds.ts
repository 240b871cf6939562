// Where the time went: seconds of work by phase, a bar for each cycle. Pure.
import type { CycleView, PhaseSeconds } from '../../../dashboard-types.ts';
import type { ChartSpec } from '../../plot/chart-spec.ts';
import { durationText } from '../../plot/numbers.ts';
import type { Table } from '../../plot/table.ts';

const ROW_PX = 28;

export const PHASES = [
  'train',
  'rate',
  'select',
  'annotate',
  'extend',
  'measure',
] as const satisfies readonly (keyof PhaseSeconds)[];

export function phaseSeconds(cycles: readonly CycleView[]): ChartSpec {
  const values = cycles.flatMap(({ cycle, seconds }) =>
    PHASES.map((phase, order) => ({
      cycle: cycle + 1,
      phase,
      order,
      seconds: seconds[phase],
      text: durationText(seconds[phase]),
    })),
  );
  return {
    height: ROW_PX * cycles.length,
    data: { values },
    mark: { type: 'bar', height: 16 },
    encoding: {
      y: { field: 'cycle', type: 'ordinal', title: 'cycle' },
      x: { field: 'seconds', type: 'quantitative', title: 'seconds of work', axis: { tickCount: 6 } },
      order: { field: 'order' },
      color: {
        field: 'phase',
        type: 'nominal',
        scale: { domain: PHASES, range: PHASES.map((phase) => `var(--phase-${phase})`) },
        legend: { symbolType: 'square', columns: 3 },
      },
      tooltip: [{ field: 'cycle' }, { field: 'phase' }, { field: 'text', title: 'time' }],
    },
  };
}

export function phaseTable(cycles: readonly CycleView[]): Table {
  return {
    caption: 'Seconds of each phase',
    columns: [{ name: 'Cycle' }, ...PHASES.map((name) => ({ name }))],
    rows: cycles.map(({ cycle, seconds }) => [cycle + 1, ...PHASES.map((phase) => seconds[phase].toFixed(1))]),
  };
}
