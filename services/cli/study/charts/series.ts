// How arms look in every chart of a figure: one colour, shape and dash each, told apart without colour, too.
import { COLORS, DASHES, SHAPES } from '../../report/charts/svg.ts';
import type { FigureResults } from '../study.ts';

/** Arm names in the figure's order; an arm that stands in several panels is one series. */
export function seriesNames({ figure }: FigureResults): string[] {
  return [...new Set(figure.arms.map(({ name }) => name))];
}

export const panelNames = ({ figure }: FigureResults): string[] => [...new Set(figure.arms.map(({ panel }) => panel))];

const cycled = <T>(names: readonly string[], values: readonly T[]): T[] =>
  names.map((_, at) => values[at % values.length]!);

export const colorScale = (names: readonly string[]) => ({ domain: names, range: cycled(names, COLORS.series) });
export const shapeScale = (names: readonly string[]) => ({ domain: names, range: cycled(names, SHAPES) });
export const dashScale = (names: readonly string[]) => ({ domain: names, range: cycled(names, DASHES) });
