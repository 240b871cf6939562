// mIoU over the labelled share of the pool: the campaigns, and what all labels give. Pure.
import { miouText, strategyText } from '../numbers.ts';
import type { Report, ReportCampaign } from '../report.ts';
import { type ChartSpec, COLORS, DASHES, SHAPES } from './svg.ts';

const WIDTH_PX = 900;
const HEIGHT_PX = 360;

export function learningCurve({ campaigns, full }: Report): ChartSpec {
  const names = campaigns.map(({ name }) => strategyText(name));
  const points = campaigns.flatMap((campaign, at) =>
    campaign.cycles.map(({ labelled, miou }) => ({
      series: names[at]!,
      percent: labelled.fraction * 100,
      miou,
      text: miouText(miou),
      // The better of two points at one place is written above its line, the other below.
      above:
        at === 0 ? miou >= miouAt(campaigns[1], labelled.fraction) : miou > miouAt(campaigns[0], labelled.fraction),
    })),
  );
  const domain = { domain: names };
  const x = { field: 'percent', type: 'quantitative' as const, scale: { zero: false, nice: true, padding: 24 } };
  const y = { field: 'miou', type: 'quantitative' as const, scale: { zero: false, nice: true, padding: 18 } };
  const color = { field: 'series', type: 'nominal' as const, scale: { ...domain, range: [...COLORS.series] } };
  const values = { values: points };
  const label = (above: boolean) => ({
    data: values,
    transform: [{ filter: `datum.above === ${above}` }],
    mark: { type: 'text', dy: above ? -13 : 16 },
    encoding: { x, y, text: { field: 'text' }, color },
  });
  return {
    width: WIDTH_PX,
    height: HEIGHT_PX,
    layer: [
      ...(full ? fullLines(full.miou) : []),
      {
        data: values,
        mark: { type: 'line', strokeWidth: 2.5, point: false },
        encoding: {
          x: { ...x, title: 'labelled share of the pool, %', axis: { tickCount: 10 } },
          y: { ...y, title: 'mIoU on the validation images' },
          color,
          strokeDash: { field: 'series', type: 'nominal', scale: { ...domain, range: [...DASHES] } },
        },
      },
      {
        data: values,
        mark: { type: 'point', filled: true, size: 80, opacity: 1 },
        encoding: {
          x,
          y,
          color,
          shape: { field: 'series', type: 'nominal', scale: { ...domain, range: [...SHAPES] } },
        },
      },
      label(true),
      label(false),
    ],
  } as unknown as ChartSpec;
}

/** Labelled shares that differ by less are one place on the curve. */
const SAME_FRACTION = 0.005;

function miouAt(campaign: ReportCampaign | undefined, fraction: number): number {
  const cycle = campaign?.cycles.find(({ labelled }) => Math.abs(labelled.fraction - fraction) < SAME_FRACTION);
  return cycle?.miou ?? 0;
}

/** What all labels give, and 95 and 90 % of it. */
function fullLines(miou: number): object[] {
  const lines = [
    { miou, text: `all labels ${miouText(miou)}`, width: 2 },
    { miou: 0.95 * miou, text: '95 %', width: 1 },
    { miou: 0.9 * miou, text: '90 %', width: 1 },
  ];
  const y = { field: 'miou', type: 'quantitative' };
  return [
    {
      data: { values: lines },
      mark: { type: 'rule', color: COLORS.full, strokeDash: [3, 4] },
      encoding: { y, strokeWidth: { field: 'width', type: 'quantitative', scale: null, legend: null } },
    },
    {
      data: { values: lines },
      mark: { type: 'text', color: COLORS.full, align: 'left', dy: -7 },
      encoding: { y, x: { value: 4 }, text: { field: 'text' } },
    },
  ];
}
