// IoU of each class under the last models, the mean over seeds, a point for each arm. Pure.
import type { SegmentationClass } from '../../../../proto/gen/cpral/v1/resources.ts';
import { type ChartSpec, COLORS } from '../../report/charts/svg.ts';
import { estimate } from '../statistics.ts';
import type { ArmResults } from '../study.ts';
import { colorScale, shapeScale } from './series.ts';

const WIDTH_PX = 780;
const ROW_PX = 26;

/** @param arms of one panel */
export function classIou(arms: readonly ArmResults[], classes: readonly SegmentationClass[]): ChartSpec {
  const names = arms.map(({ arm }) => arm.name);
  const values = arms.flatMap(({ arm, campaigns }) =>
    classes.flatMap(({ name }, id) => {
      const iou = estimate(campaigns.flatMap(({ cycles }) => cycles.at(-1)?.iou[id] ?? []));
      return iou ? [{ series: arm.name, class: name, iou: iou.mean }] : [];
    }),
  );
  const y = {
    field: 'class',
    type: 'nominal',
    sort: classes.map(({ name }) => name),
    title: null,
    axis: { labelLimit: 320 },
  };
  return {
    width: WIDTH_PX,
    height: { step: ROW_PX },
    data: { values },
    layer: [
      {
        mark: { type: 'rule', color: COLORS.grid, strokeWidth: 5 },
        encoding: {
          y,
          x: { field: 'iou', type: 'quantitative', aggregate: 'min' },
          x2: { field: 'iou', aggregate: 'max' },
        },
      },
      {
        mark: { type: 'point', filled: true, size: 80, opacity: 1 },
        encoding: {
          y,
          x: { field: 'iou', type: 'quantitative', scale: { domain: [0, 1] }, title: 'IoU of the last models' },
          color: { field: 'series', type: 'nominal', scale: colorScale(names) },
          shape: { field: 'series', type: 'nominal', scale: shapeScale(names) },
        },
      },
    ],
  } as unknown as ChartSpec;
}
