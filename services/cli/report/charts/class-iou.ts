// IoU of each class under the last model of each campaign, on one line a class. Pure.
import { strategyText } from '../numbers.ts';
import type { Report } from '../report.ts';
import { type ChartSpec, COLORS, SHAPES } from './svg.ts';

const WIDTH_PX = 780;
const ROW_PX = 26;
const ALL_LABELS = 'all labels';

export function classIou({ campaigns, full, dataset }: Report): ChartSpec {
  const series = campaigns.map(({ name, cycles }) => ({ name: strategyText(name), iou: cycles.at(-1)?.iou ?? [] }));
  const shown = full ? [...series, { name: ALL_LABELS, iou: full.iou }] : series;
  const values = shown.flatMap(({ name, iou }) =>
    dataset.classes.flatMap((each, id) => {
      const value = iou[id];
      return value === null || value === undefined ? [] : [{ series: name, class: each.name, iou: value }];
    }),
  );
  const names = shown.map(({ name }) => name);
  const range = names.map((name, at) => (name === ALL_LABELS ? COLORS.full : COLORS.series[at]!));
  const y = { field: 'class', type: 'nominal', sort: dataset.classes.map(({ name }) => name), title: null };
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
        mark: { type: 'point', filled: true, size: 95, opacity: 1 },
        encoding: {
          y,
          x: { field: 'iou', type: 'quantitative', scale: { domain: [0, 1] }, title: 'IoU of the last model' },
          color: { field: 'series', type: 'nominal', scale: { domain: names, range } },
          shape: {
            field: 'series',
            type: 'nominal',
            scale: { domain: names, range: [...SHAPES].slice(0, names.length) },
          },
        },
      },
    ],
  } as unknown as ChartSpec;
}
