// mIoU over what was labelled: the campaign, its company, and what all labels give. Pure.
import type { CampaignDetail, ComparedCampaign, Comparison } from '../../../dashboard-types.ts';
import { type ChartSpec, DASHES, REFERENCE, SERIES, SHAPES } from '../../plot/chart-spec.ts';
import { countText, iouText, percentText } from '../../plot/numbers.ts';
import type { Table } from '../../plot/table.ts';

const HEIGHT_PX = 340;

/** What the curve's x axis has. */
export type CurveAxis = 'share' | 'images';

export interface LearningPoint {
  readonly series: string;
  readonly cycle: number;
  readonly fraction: number;
  /** Images with a label; null where only the share is known. */
  readonly images: number | null;
  readonly miou: number;
}

export interface CurveInput {
  readonly campaign: CampaignDetail;
  readonly comparison: Comparison | undefined;
  readonly compared: ComparedCampaign | undefined;
}

/** @returns the campaign to show as the control unasked: random selection that differs in nothing else */
export function controlOf(comparison: Comparison | undefined): ComparedCampaign | undefined {
  return comparison?.others.find(({ matches, strategy }) => matches && strategy === 'random');
}

export function learningPoints({ campaign, compared }: CurveInput): readonly LearningPoint[] {
  const own = campaign.cycleList.flatMap(({ cycle, labelled, evaluation }) =>
    evaluation
      ? [
          {
            series: campaign.campaignId,
            cycle,
            fraction: labelled.fraction,
            images: labelled.images,
            miou: evaluation.miou,
          },
        ]
      : [],
  );
  const others = (compared?.points ?? []).map(({ cycle, fraction, miou }) => ({
    series: compared!.campaignId,
    cycle,
    fraction,
    images: null,
    miou,
  }));
  return [...own, ...others];
}

export function learningCurve(input: CurveInput, axis: CurveAxis): ChartSpec {
  const points = learningPoints(input).filter(({ images }) => axis === 'share' || images !== null);
  const names = [...new Set(points.map(({ series }) => series))];
  const values = points.map(({ series, cycle, fraction, images, miou }) => ({
    series,
    x: axis === 'share' ? 100 * fraction : images,
    miou,
    cycle: cycle + 1,
    text: iouText(miou),
    labelled: images === null ? percentText(fraction) : `${percentText(fraction)}, ${countText(images)} images`,
  }));
  const scale = { domain: names };
  const x = { field: 'x', type: 'quantitative', scale: { zero: false, nice: true, padding: 22 } };
  const y = { field: 'miou', type: 'quantitative', scale: { zero: false, nice: true, padding: 18 } };
  const color = { field: 'series', type: 'nominal', scale: { ...scale, range: SERIES.slice(0, names.length) } };
  const dash = { field: 'series', type: 'nominal', scale: { ...scale, range: DASHES.slice(0, names.length) } };
  const shape = { field: 'series', type: 'nominal', scale: { ...scale, range: SHAPES.slice(0, names.length) } };
  const title = axis === 'share' ? 'labelled share of the pool, %' : 'images with a label';
  return {
    height: HEIGHT_PX,
    layer: [
      ...referenceLines(input.comparison),
      {
        data: { values },
        mark: { type: 'line', strokeWidth: 2.5 },
        encoding: {
          x: { ...x, title, axis: { tickCount: 8, ...(axis === 'images' ? { format: ',d' } : {}) } },
          y: { ...y, title: 'mIoU on the validation images' },
          color,
          strokeDash: dash,
        },
      },
      {
        data: { values },
        mark: { type: 'point', filled: true, size: 90, opacity: 1 },
        encoding: {
          x,
          y,
          color,
          shape,
          tooltip: [
            { field: 'series', title: 'campaign' },
            { field: 'cycle' },
            { field: 'labelled' },
            { field: 'text', title: 'mIoU' },
          ],
        },
      },
      {
        data: { values: values.filter(({ series }) => series === names[0]) },
        mark: { type: 'text', dy: -14 },
        encoding: { x, y, text: { field: 'text' }, color },
      },
    ],
  };
}

/** @returns what all labels give, and 95 and 90 % of it, highest first */
export function references(comparison: Comparison | undefined): { readonly name: string; readonly miou: number }[] {
  const full = comparison?.full[0];
  if (!full) return [];
  return [
    { name: 'all labels', miou: full.miou },
    { name: 'p95', miou: 0.95 * full.miou },
    { name: 'p90', miou: 0.9 * full.miou },
  ];
}

function referenceLines(comparison: Comparison | undefined): object[] {
  const values = references(comparison).map(({ name, miou }) => ({ miou, text: `${name} ${iouText(miou)}` }));
  if (values.length === 0) return [];
  const y = { field: 'miou', type: 'quantitative' };
  return [
    {
      data: { values },
      mark: { type: 'rule', color: REFERENCE, strokeDash: [3, 4], strokeWidth: 1.5 },
      encoding: { y },
    },
    {
      data: { values },
      mark: { type: 'text', color: REFERENCE, align: 'left', dy: -7 },
      encoding: { y, x: { value: 4 }, text: { field: 'text' } },
    },
  ];
}

export function learningTable(input: CurveInput): Table {
  const rows = learningPoints(input).map(({ series, cycle, fraction, images, miou }) => [
    series,
    cycle + 1,
    percentText(fraction),
    images === null ? '–' : countText(images),
    iouText(miou),
  ]);
  const lines = references(input.comparison).map(({ name, miou }) => [name, '–', '–', '–', iouText(miou)]);
  return {
    caption: 'Learning curve',
    columns: [
      { name: 'Campaign', text: true },
      { name: 'Cycle' },
      { name: 'Labelled' },
      { name: 'Images' },
      { name: 'mIoU' },
    ],
    rows: [...rows, ...lines],
  };
}
