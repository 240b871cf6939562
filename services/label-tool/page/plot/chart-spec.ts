/** A chart in Vega-Lite's grammar, without what the page gives to all: width, fonts, colours. */
export interface ChartSpec {
  readonly height: number;
  readonly [key: string]: unknown;
}

/** Colours of series, in order. Variables of the style sheet, so that a drawing follows light and dark by itself. */
export const SERIES = [
  'var(--series-1)',
  'var(--series-2)',
  'var(--series-3)',
  'var(--series-4)',
  'var(--series-5)',
] as const;
/** Not by colour alone. */
export const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'cross'] as const;
export const DASHES = [
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 3, 2, 3],
  [4, 4],
] as const;
export const REFERENCE = 'var(--good)';
