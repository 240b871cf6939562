// mIoU over the labelled share of the pool: the campaigns, and what all labels give. Pure.
import { miouText, strategyText } from '../numbers.ts';
import type { Report } from '../report.ts';
import { type ChartSpec, COLORS, DASHES, SHAPES } from './svg.ts';

const WIDTH_PX = 720;
const HEIGHT_PX = 340;

export function learningCurve({ campaigns, full }: Report): ChartSpec {
  const names = campaigns.map(({ name }) => strategyText(name));
  const points = campaigns.flatMap(({ cycles }, at) =>
    cycles.map(({ labelled, miou }) => ({
      series: names[at]!,
      percent: labelled.fraction * 100,
      miou,
      text: miouText(miou),
      // The better of two points at one place is written above the line, the other below.
      above:
        miou >=
        (campaigns[at === 0 ? 1 : 0]?.cycles.find((other) => near(other.labelled.fraction, labelled.fraction))?.miou ??
          0),
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
    encoding: { x, y, text: { field: 'text' }, color: { ...color, legend: null } },
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
          x: { ...x, title: 'labelled share of the pool, %' },
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

const near = (a: number, b: number) => Math.abs(a - b) < 0.005;

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
      mark: { type: 'text', color: COLORS.full, align: 'right', dy: -7 },
      encoding: { y, x: { value: WIDTH_PX - 4 }, text: { field: 'text' } },
    },
  ];
}
