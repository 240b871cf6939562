// mIoU over the labelled share of the pool, a line for each arm with its 95 % interval, a panel for each setting. Pure.
import { type ChartSpec, COLORS } from '../../report/charts/svg.ts';
import { finalMiou } from '../measures.ts';
import { estimate } from '../statistics.ts';
import type { ArmResults, FigureResults } from '../study.ts';
import { colorScale, dashScale, panelNames, seriesNames, shapeScale } from './series.ts';

const WIDTH_PX = 860;
const HEIGHT_PX = 360;
const PANEL_WIDTH_PX = 400;
const PANEL_HEIGHT_PX = 260;
const PANELS_IN_ROW = 2;
const MARGIN_SHARE = 0.3;
const LEAST_RANGE = 0.02;

interface Point {
  readonly panel: string;
  readonly series: string;
  readonly percent: number;
  readonly miou: number;
  readonly low: number;
  readonly high: number;
}

export function curves(results: FigureResults): ChartSpec {
  const names = seriesNames(results);
  const panels = panelNames(results);
  const points = results.arms.flatMap(pointsOf);
  const [least, most] = miouRange(points, results);
  const within = (miou: number) => Math.min(most, Math.max(least, miou));
  const values = points.map((point) => ({ ...point, low: within(point.low), high: within(point.high) }));
  const single = panels.length === 1;
  const x = { field: 'percent', type: 'quantitative', scale: { zero: false, nice: true, padding: 16 } };
  const y = { type: 'quantitative', scale: { zero: false, nice: true, domain: [least, most] } };
  const color = { field: 'series', type: 'nominal', scale: colorScale(names), legend: { symbolOpacity: 1 } };
  const spec = {
    width: single ? WIDTH_PX : PANEL_WIDTH_PX,
    height: single ? HEIGHT_PX : PANEL_HEIGHT_PX,
    layer: [
      ...fullLines(results),
      {
        mark: { type: 'area', opacity: 0.1 },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
      },
      {
        mark: { type: 'line', strokeWidth: 2.25 },
        encoding: {
          x: { ...x, title: 'labelled share of the pool, %', axis: { tickCount: 8 } },
          y: { ...y, field: 'miou', title: 'mIoU on the validation images' },
          color,
          strokeDash: { field: 'series', type: 'nominal', scale: dashScale(names) },
        },
      },
      {
        mark: { type: 'point', filled: true, size: 62, opacity: 1 },
        encoding: {
          x,
          y: { ...y, field: 'miou' },
          color,
          shape: { field: 'series', type: 'nominal', scale: shapeScale(names) },
        },
      },
    ],
  };
  if (single) return { ...spec, data: { values } } as unknown as ChartSpec;
  const facet = { field: 'panel', type: 'nominal', title: null, sort: panels, header: { labelFontSize: 13 } };
  return { data: { values }, facet, columns: PANELS_IN_ROW, spec } as unknown as ChartSpec;
}

/** The mean over the seeds that reached a cycle; a single seed has no band. */
function pointsOf({ arm, campaigns }: ArmResults): Point[] {
  const cycles = Math.max(0, ...campaigns.map((campaign) => campaign.cycles.length));
  return Array.from({ length: cycles }, (_, at) => {
    const reached = campaigns.flatMap((campaign) => campaign.cycles[at] ?? []);
    const miou = estimate(reached.map((cycle) => cycle.miou))!;
    const share = estimate(reached.map(({ labelled }) => labelled.fraction))!;
    const halfWidth = miou.halfWidth ?? 0;
    return {
      panel: arm.panel,
      series: arm.name,
      percent: share.mean * 100,
      miou: miou.mean,
      low: miou.mean - halfWidth,
      high: miou.mean + halfWidth,
    };
  });
}

/** Around the means: the intervals of few seeds would press the curves flat, and are cut off. */
function miouRange(points: readonly Point[], { full }: FigureResults): [number, number] {
  const mious = [...points.map(({ miou }) => miou), ...full.flatMap((campaign) => finalMiou(campaign) ?? [])];
  const [low, high] = [Math.min(...mious), Math.max(...mious)];
  const margin = MARGIN_SHARE * Math.max(high - low, LEAST_RANGE);
  return [Math.max(0, low - margin), Math.min(1, high + margin)];
}

/** What all labels give, and 95 and 90 % of it. */
function fullLines({ full }: FigureResults): object[] {
  const all = estimate(full.flatMap((campaign) => finalMiou(campaign) ?? []));
  if (!all) return [];
  const lines = [
    { miou: all.mean, text: `all labels ${all.mean.toFixed(3)}` },
    { miou: 0.95 * all.mean, text: 'p95' },
    { miou: 0.9 * all.mean, text: 'p90' },
  ];
  const y = { field: 'miou', type: 'quantitative' };
  return [
    { data: { values: lines }, mark: { type: 'rule', color: COLORS.full, strokeDash: [3, 4] }, encoding: { y } },
    {
      data: { values: lines },
      mark: { type: 'text', color: COLORS.full, align: 'left', dy: -7 },
      encoding: { y, x: { value: 4 }, text: { field: 'text' } },
    },
  ];
}
