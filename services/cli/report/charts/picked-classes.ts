// How much more often a class was picked than it occurs in the pool: what the selection went for. Pure.
import { percentText, strategyText } from '../numbers.ts';
import type { Report, ReportCampaign } from '../report.ts';
import { type ChartSpec, COLORS, SHAPES } from './svg.ts';

const WIDTH_PX = 740;
const ROW_PX = 26;
/** Ratios beyond these stand at the edge. */
const RATIO_LIMITS = [1 / 8, 8] as const;

/** By class id: the share of a class in all picks of a campaign over its share in the pool; null where there is none of it. */
export function pickRatios({ cycles }: ReportCampaign, poolShare: readonly number[]): (number | null)[] {
  const counts = poolShare.map((_, id) => cycles.reduce((sum, { picked }) => sum + (picked?.classPixels[id] ?? 0), 0));
  const all = counts.reduce((sum, count) => sum + count, 0);
  return poolShare.map((share, id) => (share > 0 && all > 0 ? counts[id]! / all / share : null));
}

/** undefined where nothing was picked, or the pool has no ground truth to hold it against. */
export function pickedClasses({ campaigns, dataset }: Report): ChartSpec | undefined {
  const { classShare } = dataset.pool;
  const rowName = (id: number) => `${dataset.classes[id]?.name ?? id} (${percentText(classShare[id]!)})`;
  const names = campaigns.map(({ name }) => strategyText(name));
  const values = campaigns.flatMap((campaign, at) =>
    pickRatios(campaign, classShare).flatMap((ratio, id) =>
      ratio === null ? [] : [{ series: names[at]!, class: rowName(id), ratio: clamp(ratio) }],
    ),
  );
  if (values.length === 0) return undefined;
  const y = { field: 'class', type: 'nominal', sort: classShare.map((_, id) => rowName(id)), title: null };
  const x = {
    field: 'ratio',
    type: 'quantitative',
    scale: { type: 'log', base: 2, domain: [...RATIO_LIMITS] },
    axis: {
      values: [0.125, 0.25, 0.5, 1, 2, 4, 8],
      labelExpr:
        "(datum.value <= 0.125 ? '≤ ' : datum.value >= 8 ? '≥ ' : '') + (datum.value < 1 ? '1/' + format(1 / datum.value, 'd') : format(datum.value, 'd') + '×')",
    },
    title: 'share among the picked pixels over share in the pool',
  };
  return {
    width: WIDTH_PX,
    height: { step: ROW_PX },
    layer: [
      {
        data: { values: [{ ratio: 1 }] },
        mark: { type: 'rule', color: COLORS.muted, strokeWidth: 1.5 },
        encoding: { x },
      },
      {
        data: { values },
        mark: { type: 'point', filled: true, size: 95, opacity: 1 },
        encoding: {
          y,
          x,
          color: { field: 'series', type: 'nominal', scale: { domain: names, range: [...COLORS.series] } },
          shape: { field: 'series', type: 'nominal', scale: { domain: names, range: [...SHAPES] } },
        },
      },
    ],
  } as unknown as ChartSpec;
}

const clamp = (ratio: number) => Math.min(RATIO_LIMITS[1], Math.max(RATIO_LIMITS[0], ratio));
