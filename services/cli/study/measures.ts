// What is read off one campaign, and over the seeds of an arm. Pure.
import type { ReportCampaign, ReportCycle } from '../report/report.ts';
import { type BySeed, type Estimate, estimate, meanHeight } from './statistics.ts';
import type { ArmResults } from './study.ts';

export type Measure = (campaign: ReportCampaign) => number | null;

export const finalMiou: Measure = ({ cycles }) => cycles.at(-1)?.miou ?? null;

/** Mean mIoU over the labelled shares between the first point and the last. */
export const areaUnderCurve: Measure = ({ cycles }) =>
  meanHeight(cycles.map(({ labelled, miou }) => ({ x: labelled.fraction, y: miou })));

export const finalRareIou: Measure = ({ cycles }) => cycles.at(-1)?.rareIou ?? null;

/** Seconds of one acquisition: rating, searching for regions and extending their labels; annotators' time is not ours. */
export const acquisitionSeconds: Measure = ({ cycles }) =>
  meanOver(acquiring(cycles), ({ seconds }) => seconds.rate + seconds.select + seconds.extend);

/** Share of the picked pixels with a class that the model which picked them had wrong. */
export const wrongShare: Measure = ({ cycles }) =>
  share(cycles, ({ wrongPixels, classPixels }) => [wrongPixels ?? 0, classPixels.reduce((a, b) => a + b, 0)]);

/** Share of the picked pixels that have no class: paid for, and nothing learnt. */
export const voidShare: Measure = ({ cycles }) => share(cycles, ({ voidPixels, pixels }) => [voidPixels, pixels]);

/** @param rare class ids @returns share of the picked pixels with a class that belong to rare ones */
export const rareShare =
  (rare: readonly number[]): Measure =>
  ({ cycles }) =>
    share(cycles, ({ classPixels }) => [
      rare.reduce((sum, id) => sum + (classPixels[id] ?? 0), 0),
      classPixels.reduce((a, b) => a + b, 0),
    ]);

export function bySeed({ campaigns }: ArmResults, measure: Measure): BySeed {
  return new Map(
    campaigns.flatMap((campaign): [number, number][] => {
      const value = measure(campaign);
      return value === null ? [] : [[campaign.seed, value]];
    }),
  );
}

export const overSeeds = (arm: ArmResults, measure: Measure): Estimate | null =>
  estimate([...bySeed(arm, measure).values()]);

const acquiring = (cycles: readonly ReportCycle[]): readonly ReportCycle[] => cycles.slice(0, -1);

function meanOver<T>(items: readonly T[], value: (item: T) => number): number | null {
  return items.length === 0 ? null : items.reduce((sum, item) => sum + value(item), 0) / items.length;
}

type Picked = NonNullable<ReportCycle['picked']>;

function share(cycles: readonly ReportCycle[], parts: (picked: Picked) => readonly [number, number]): number | null {
  let [part, whole] = [0, 0];
  for (const { picked } of cycles) {
    if (!picked) continue;
    const [a, b] = parts(picked);
    part += a;
    whole += b;
  }
  return whole === 0 ? null : part / whole;
}
