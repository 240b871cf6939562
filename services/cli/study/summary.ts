// A figure as a table: a row for each arm, for the page and the terminal. Pure.
import { countText, percentText } from '../report/numbers.ts';
import { findArm } from './claims.ts';
import {
  acquisitionSeconds,
  areaUnderCurve,
  bySeed,
  finalMiou,
  finalRareIou,
  overSeeds,
  rareShare,
  voidShare,
  wrongShare,
} from './measures.ts';
import { miouEstimate, NONE, percentEstimate, pointsEstimate, secondsEstimate } from './numbers.ts';
import { estimate, pairedDifference } from './statistics.ts';
import type { ArmResults, FigureResults } from './study.ts';

export interface SummaryTable {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function resultTable(results: FigureResults): SummaryTable {
  const full = estimate(results.full.flatMap((campaign) => finalMiou(campaign) ?? []));
  const titles = ['arm', 'seeds', 'mIoU', 'area', `ahead of ${results.figure.control}`, 'rare IoU'];
  const rows = results.arms.map((each) => {
    const miou = overSeeds(each, finalMiou);
    return [
      ...headOf(each, results),
      miouEstimate(miou),
      miouEstimate(overSeeds(each, areaUnderCurve)),
      pointsEstimate(aheadOfControl(each, results)),
      miouEstimate(overSeeds(each, finalRareIou)),
      ...(full
        ? [
            miou ? percentText(miou.mean / full.mean) : NONE,
            ...[0.9, 0.95].map((share) => reachedText(each, share * full.mean)),
          ]
        : []),
    ];
  });
  const labels = full
    ? [['all labels', String(full.count), miouEstimate(full), NONE, NONE, NONE, percentText(1, 0), NONE, NONE]]
    : [];
  return { titles: [...titles, ...(full ? ['of all labels', 'p90 at', 'p95 at'] : [])], rows: [...rows, ...labels] };
}

/** What the labels of the last point cost, each count apart because they differ. */
export function costTable(results: FigureResults): SummaryTable {
  return {
    titles: ['arm', 'seeds', 'labelled', 'images', 'regions', 'pixels', 'extended', 'acquisition, s'],
    rows: results.arms.map((each) => {
      const mean = (value: (labels: Labels) => number) => {
        const values = each.campaigns.flatMap(({ cycles }) => (cycles.length > 0 ? [value(cycles.at(-1)!)] : []));
        return estimate(values)?.mean;
      };
      const count = (value: number | undefined) => (value === undefined ? NONE : countText(value));
      const share = mean(({ labelled }) => labelled.fraction);
      return [
        ...headOf(each, results),
        share === undefined ? NONE : percentText(share),
        count(mean(({ labelled }) => labelled.images)),
        count(mean(({ labelled }) => labelled.regions)),
        count(mean(({ labelled }) => labelled.pixels)),
        count(mean(({ extended }) => extended.pixels)),
        secondsEstimate(overSeeds(each, acquisitionSeconds)),
      ];
    }),
  };
}

/** @param rare class ids */
export function pickTable(results: FigureResults, rare: readonly number[]): SummaryTable {
  return {
    titles: ['arm', 'seeds', 'wrong before', 'void', 'rare classes'],
    rows: results.arms.map((each) => [
      ...headOf(each, results),
      percentEstimate(overSeeds(each, wrongShare)),
      percentEstimate(overSeeds(each, voidShare)),
      percentEstimate(overSeeds(each, rareShare(rare))),
    ]),
  };
}

/** The labelled share of the first point at which the arm's mean reaches a mIoU. */
function reachedText({ campaigns }: ArmResults, wanted: number): string {
  const cycles = Math.max(0, ...campaigns.map((campaign) => campaign.cycles.length));
  for (let at = 0; at < cycles; at++) {
    const points = campaigns.flatMap((campaign) => campaign.cycles[at] ?? []);
    if (estimate(points.map(({ miou }) => miou))!.mean < wanted) continue;
    return percentText(estimate(points.map(({ labelled }) => labelled.fraction))!.mean);
  }
  return 'not reached';
}

type Labels = ArmResults['campaigns'][number]['cycles'][number];

function headOf({ arm, campaigns }: ArmResults, { figure }: FigureResults): string[] {
  const several = figure.arms.some(({ panel }) => panel !== '');
  return [several ? `${arm.name}, ${arm.panel}` : arm.name, String(campaigns.length)];
}

function aheadOfControl(each: ArmResults, results: FigureResults) {
  const control = findArm(results, { name: results.figure.control, panel: each.arm.panel });
  if (!control || control === each) return null;
  return pairedDifference(bySeed(each, finalMiou), bySeed(control, finalMiou));
}
