// What a cycle cost and what its labels gained: the model after it against the one before. Pure.
import type { CampaignDetail, CycleView } from '../../../dashboard-types.ts';
import { type ChartSpec, SERIES } from '../../plot/chart-spec.ts';
import { countText, iouText } from '../../plot/numbers.ts';
import type { Table } from '../../plot/table.ts';

const HEIGHT_PX = 250;

export const MEASURES = ['minutes', 'clicks', 'pixels'] as const;
export type CostMeasure = (typeof MEASURES)[number];

export const MEASURE_TEXT: Readonly<Record<CostMeasure, string>> = {
  minutes: 'Minutes',
  clicks: 'Clicks',
  pixels: 'Pixels',
};

export interface CycleCost {
  readonly cycle: number;
  /** Of people; null where the annotator is simulated. */
  readonly minutes: number | null;
  readonly clicks: number | null;
  readonly pixels: number;
  /** In mIoU; null until the next model is trained. */
  readonly gain: number | null;
}

/** @returns a row for each acquisition, which is one less than models */
export function cycleCosts(cycles: readonly CycleView[]): readonly CycleCost[] {
  return cycles.slice(0, -1).map((cycle, at) => {
    const next = cycles[at + 1]!;
    const trained = cycle.evaluation && next.evaluation;
    return {
      cycle: cycle.cycle,
      minutes: cycle.cost ? cycle.cost.activeSeconds / 60 : null,
      clicks: cycle.cost ? cycle.cost.clicks : null,
      pixels: next.labelled.pixels - cycle.labelled.pixels,
      gain: trained ? next.evaluation!.miou - cycle.evaluation!.miou : null,
    };
  });
}

export function costChart(costs: readonly CycleCost[], measure: CostMeasure): ChartSpec {
  const values = costs.map((cost) => ({
    cycle: cost.cycle + 1,
    cost: cost[measure] ?? 0,
    gain: cost.gain === null ? '' : signed(100 * cost.gain),
    text: countText(cost[measure] ?? 0),
  }));
  const x = { field: 'cycle', type: 'ordinal', title: 'cycle', axis: { labelAngle: 0 } };
  const y = { field: 'cost', type: 'quantitative', title: measure, scale: { nice: true } };
  return {
    height: HEIGHT_PX,
    data: { values },
    layer: [
      {
        mark: { type: 'bar', color: SERIES[0], size: 72, cornerRadiusEnd: 3 },
        encoding: {
          x,
          y,
          tooltip: [
            { field: 'cycle' },
            { field: 'text', title: measure },
            { field: 'gain', title: 'mIoU points gained' },
          ],
        },
      },
      {
        mark: { type: 'text', dy: -9, color: 'var(--text)', fontWeight: 'bold' },
        encoding: { x, y, text: { field: 'gain' } },
      },
    ],
  };
}

const signed = (points: number) => `${points >= 0 ? '+' : '−'}${Math.abs(points).toFixed(1)}`;

export function costTable(costs: readonly CycleCost[], { cycleList }: Pick<CampaignDetail, 'cycleList'>): Table {
  return {
    caption: 'Cost and gain of each cycle',
    columns: [
      { name: 'Cycle' },
      { name: 'Minutes of people' },
      { name: 'Clicks' },
      { name: 'Pixels' },
      { name: 'mIoU before' },
      { name: 'mIoU after' },
      { name: 'Points gained' },
    ],
    rows: costs.map(({ cycle, minutes, clicks, pixels, gain }, at) => [
      cycle + 1,
      minutes === null ? '–' : minutes.toFixed(1),
      clicks === null ? '–' : countText(clicks),
      countText(pixels),
      iouText(cycleList[at]?.evaluation?.miou),
      iouText(cycleList[at + 1]?.evaluation?.miou),
      gain === null ? '–' : signed(100 * gain),
    ]),
  };
}
