// Vega in the page: the library that the report draws with, so that a curve looks alike in both. Its expressions are interpreted, because the
// page's policy lets no text become code.

import { parse, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';
import { Handler } from 'vega-tooltip';
import type { ChartSpec } from './chart-spec.ts';

const FONT = 'Inter, ui-sans-serif, system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
const QUIET = 'var(--quiet)';
const GRID = 'var(--line)';

const CONFIG = {
  font: FONT,
  background: 'transparent',
  // The figure around it says what it shows, and has the numbers as a table.
  aria: false,
  view: { stroke: null },
  axis: {
    labelColor: QUIET,
    titleColor: QUIET,
    titleFontWeight: 'normal',
    labelFontSize: 12,
    titleFontSize: 12,
    titlePadding: 10,
    gridColor: GRID,
    gridOpacity: 0.7,
    domainColor: GRID,
    tickColor: GRID,
    ticks: false,
    labelPadding: 8,
    labelLimit: 200,
  },
  legend: {
    labelColor: 'var(--text)',
    labelFontSize: 12.5,
    title: null,
    orient: 'top',
    symbolSize: 80,
    symbolStrokeWidth: 0,
    columnPadding: 16,
    labelLimit: 300,
    offset: 8,
  },
  text: { font: FONT, fontSize: 12 },
};

export interface DrawnChart {
  resize(widthPx: number): void;
  remove(): void;
}

export function drawChart(host: HTMLElement, spec: ChartSpec, widthPx: number): DrawnChart {
  const full = {
    ...spec,
    width: widthPx,
    autosize: { type: 'fit-x', contains: 'padding' },
    config: CONFIG,
  } as unknown as TopLevelSpec;
  const view = new View(parse(compile(full).spec, undefined, { ast: true }), {
    renderer: 'svg',
    container: host,
    hover: true,
    expr: expressionInterpreter,
    tooltip: new Handler({ disableDefaultStyle: true }).call,
  } as ConstructorParameters<typeof View>[1]);
  void view.runAsync();
  return {
    resize: (nextWidthPx) => void view.width(nextWidthPx).runAsync(),
    remove: () => view.finalize(),
  };
}
