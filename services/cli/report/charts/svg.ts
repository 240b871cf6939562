// A chart as SVG text, drawn without a browser. Colours are CSS variables, so that one drawing serves light, dark and print.
import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

export type ChartSpec = Omit<TopLevelSpec, 'config' | '$schema'>;

/** The variables that the report's style sheet defines. */
export const COLORS = {
  text: 'var(--text)',
  muted: 'var(--muted)',
  grid: 'var(--grid)',
  background: 'var(--card)',
  /** By place in the report: the strategy, the control, further campaigns. */
  series: Array.from({ length: 11 }, (_, at) => `var(--series-${at + 1})`),
  full: 'var(--full)',
} as const;

/** Not by colour alone. */
export const SHAPES = [
  'circle',
  'square',
  'triangle-up',
  'diamond',
  'cross',
  'triangle-down',
  'triangle-left',
  'triangle-right',
] as const;
export const DASHES: readonly number[][] = [
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 3, 2, 3],
  [4, 4],
];

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif';

const CONFIG = {
  font: FONT,
  background: 'transparent',
  view: { stroke: null },
  axis: {
    labelColor: COLORS.muted,
    titleColor: COLORS.muted,
    titleFontWeight: 'normal',
    labelFontSize: 12,
    titleFontSize: 12,
    titlePadding: 10,
    gridColor: COLORS.grid,
    domainColor: COLORS.grid,
    tickColor: COLORS.grid,
    ticks: false,
    labelPadding: 8,
    labelLimit: 280,
  },
  legend: {
    labelColor: COLORS.text,
    labelFontSize: 13,
    title: null,
    orient: 'top',
    symbolSize: 90,
    columnPadding: 18,
    labelLimit: 320,
    columns: 5,
  },
  text: { font: FONT, fontSize: 12 },
} as const;

/** @param label what the chart shows, for those who do not see it */
export async function renderSvg(spec: ChartSpec, label: string): Promise<string> {
  const full = { ...spec, config: CONFIG, description: label } as unknown as TopLevelSpec;
  const svg = await new View(parse(compile(full).spec), { renderer: 'none' }).toSVG();
  return svg.replace('<svg ', `<svg role="img" aria-label="${attribute(label)}" `).replace(' class="marks"', '');
}

const attribute = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
