// How far each arm is ahead of the figure's control at the last point, paired by seed, with its 95 % interval. Pure.
import { type ChartSpec, COLORS } from '../../report/charts/svg.ts';
import { findArm } from '../claims.ts';
import { bySeed, finalMiou } from '../measures.ts';
import { pairedDifference } from '../statistics.ts';
import type { FigureResults } from '../study.ts';

const WIDTH_PX = 620;
const ROW_PX = 26;

/** undefined where no arm shares a seed with the control */
export function differences(results: FigureResults): ChartSpec | undefined {
  const values = results.arms.flatMap((each) => {
    const { name, panel } = each.arm;
    const control = findArm(results, { name: results.figure.control, panel });
    if (!control || control === each) return [];
    const difference = pairedDifference(bySeed(each, finalMiou), bySeed(control, finalMiou));
    if (!difference) return [];
    const [mean, half] = [difference.mean * 100, (difference.halfWidth ?? 0) * 100];
    return [{ row: panel === '' ? name : `${name}, ${panel}`, mean, low: mean - half, high: mean + half }];
  });
  if (values.length === 0) return undefined;
  const y = {
    field: 'row',
    type: 'nominal',
    sort: values.map(({ row }) => row),
    title: null,
    axis: { labelLimit: 320 },
  };
  const x = { type: 'quantitative', title: `points of mIoU ahead of ${results.figure.control}, last model` };
  return {
    width: WIDTH_PX,
    height: { step: ROW_PX },
    data: { values },
    layer: [
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: 'rule', color: COLORS.muted },
        encoding: { x: { field: 'zero', type: 'quantitative' } },
      },
      {
        mark: { type: 'rule', color: COLORS.series[0], strokeWidth: 2 },
        encoding: { y, x: { ...x, field: 'low' }, x2: { field: 'high' } },
      },
      {
        mark: { type: 'point', filled: true, size: 80, color: COLORS.series[0], opacity: 1 },
        encoding: { y, x: { ...x, field: 'mean' } },
      },
    ],
  } as unknown as ChartSpec;
}
