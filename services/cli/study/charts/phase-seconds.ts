// Seconds of each phase of a campaign, the mean over seeds, a bar for each arm. Pure.
import type { ChartSpec } from '../../report/charts/svg.ts';
import { PHASES } from '../../report/report.ts';
import type { FigureResults } from '../study.ts';

const WIDTH_PX = 780;
const ROW_PX = 26;

export function phaseSeconds({ arms }: FigureResults): ChartSpec {
  const rows = arms.map(({ arm }) => (arm.panel === '' ? arm.name : `${arm.name}, ${arm.panel}`));
  const values = arms.flatMap(({ campaigns }, at) =>
    PHASES.map((phase, order) => ({ row: rows[at]!, phase, order, seconds: meanSeconds(campaigns, phase) })),
  );
  return {
    width: WIDTH_PX,
    height: { step: ROW_PX },
    data: { values },
    mark: { type: 'bar', height: 15 },
    encoding: {
      y: { field: 'row', type: 'nominal', sort: rows, title: null, axis: { labelLimit: 320 } },
      x: { field: 'seconds', type: 'quantitative', title: 'seconds of work of a campaign' },
      color: {
        field: 'phase',
        type: 'nominal',
        scale: { domain: [...PHASES], range: PHASES.map((phase) => `var(--phase-${phase})`) },
      },
      order: { field: 'order' },
    },
  } as unknown as ChartSpec;
}

function meanSeconds(campaigns: FigureResults['arms'][number]['campaigns'], phase: (typeof PHASES)[number]): number {
  const sums = campaigns.map(({ cycles }) => cycles.reduce((sum, { seconds }) => sum + seconds[phase], 0));
  return sums.reduce((sum, seconds) => sum + seconds, 0) / Math.max(1, sums.length);
}
