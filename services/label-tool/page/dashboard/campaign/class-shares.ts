// What was picked against what the model sees: shares of each class. Pure.
import type { TaskClass } from '../../../api-types.ts';
import type { CycleView } from '../../../dashboard-types.ts';
import { type ChartSpec, SERIES } from '../../plot/chart-spec.ts';
import { countText, percentText } from '../../plot/numbers.ts';
import type { Table } from '../../plot/table.ts';

const ROW_PX = 34;
export const PICKED = 'labelled in this cycle';
export const PREDICTED = 'predicted by its model';

export interface ClassShare {
  readonly name: string;
  readonly pickedPixels: number;
  readonly picked: number;
  readonly predicted: number;
}

/** @returns shares of the pixels that have a class, by class id; undefined until the cycle has picked and predicted */
export function classShares(
  classes: readonly TaskClass[],
  { picks, evaluation }: CycleView,
): readonly ClassShare[] | undefined {
  if (!picks || !evaluation) return undefined;
  const [allPicked, allPredicted] = [sum(picks.classPixels), sum(evaluation.predictedPixels)];
  return classes.map(({ id, name }) => {
    const pickedPixels = picks.classPixels[id] ?? 0;
    return {
      name,
      pickedPixels,
      picked: allPicked > 0 ? pickedPixels / allPicked : 0,
      predicted: allPredicted > 0 ? (evaluation.predictedPixels[id] ?? 0) / allPredicted : 0,
    };
  });
}

const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);

export function classHistogram(shares: readonly ClassShare[]): ChartSpec {
  const values = shares.flatMap(({ name, picked, predicted }) => [
    { class: name, of: PICKED, percent: 100 * picked, text: percentText(picked) },
    { class: name, of: PREDICTED, percent: 100 * predicted, text: percentText(predicted) },
  ]);
  const domain = [PICKED, PREDICTED];
  return {
    height: ROW_PX * shares.length,
    data: { values },
    mark: { type: 'bar', cornerRadiusEnd: 2 },
    encoding: {
      y: {
        field: 'class',
        type: 'nominal',
        sort: shares.map(({ name }) => name),
        title: null,
        scale: { paddingInner: 0.3 },
      },
      yOffset: { field: 'of', type: 'nominal', sort: domain },
      x: { field: 'percent', type: 'quantitative', title: 'share of the pixels, %', axis: { tickCount: 8 } },
      color: {
        field: 'of',
        type: 'nominal',
        scale: { domain, range: [SERIES[0], 'color-mix(in oklab, var(--quiet) 60%, var(--surface))'] },
        legend: { symbolType: 'square' },
      },
      tooltip: [{ field: 'class' }, { field: 'of', title: 'pixels' }, { field: 'text', title: 'share' }],
    },
  };
}

export function classTable(shares: readonly ClassShare[]): Table {
  return {
    caption: 'Classes of the labelled pixels against the prediction',
    columns: [
      { name: 'Class', text: true },
      { name: 'Pixels labelled' },
      { name: 'Share labelled' },
      { name: 'Share predicted' },
    ],
    rows: shares.map(({ name, pickedPixels, picked, predicted }) => [
      name,
      countText(pickedPixels),
      percentText(picked),
      percentText(predicted),
    ]),
  };
}
