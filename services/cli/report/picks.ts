// What the acquisitions picked, in numbers that carry no training noise: rows for the terminal and for the page. Pure.
import { miouText, percentText, strategyText } from './numbers.ts';
import type { Report, ReportCampaign, ReportCycle } from './report.ts';

export interface PickTable {
  readonly titles: readonly string[];
  /** Campaign, cycle, then a cell a title. */
  readonly rows: readonly (readonly string[])[];
}

const NONE = '–';

/** undefined where nothing was picked. */
export function pickTable(report: Report): PickTable | undefined {
  const others = overlapNames(report);
  const titles = ['campaign', 'cycle', 'wrong before', 'void', 'rare classes', 'rare IoU after'];
  const rows = report.campaigns.flatMap((campaign) =>
    campaign.cycles.flatMap((cycle, at) => (cycle.picked ? [row(campaign, at, report, others)] : [])),
  );
  if (rows.length === 0) return undefined;
  return { titles: [...titles, ...others.map((name) => `also ${strategyText(name)}`)], rows };
}

/** Campaigns whose picks others are held against. */
function overlapNames({ campaigns }: Report): string[] {
  return [
    ...new Set(campaigns.flatMap(({ cycles }) => cycles.flatMap(({ picked }) => Object.keys(picked?.overlap ?? {})))),
  ];
}

function row({ name, cycles }: ReportCampaign, at: number, { dataset }: Report, others: readonly string[]): string[] {
  const { cycle, picked } = cycles[at]!;
  const { pixels, voidPixels, classPixels, wrongPixels, overlap } = picked!;
  const classed = classPixels.reduce((sum, count) => sum + count, 0);
  const rare = dataset.rareClasses.reduce((sum, id) => sum + (classPixels[id] ?? 0), 0);
  return [
    strategyText(name),
    String(cycle + 1),
    shareText(wrongPixels, classed),
    shareText(voidPixels, pixels),
    shareText(rare, classed),
    rareText(cycles[at + 1]),
    ...others.map((other) => shareText(overlap[other] ?? null, 1)),
  ];
}

function shareText(part: number | null, whole: number): string {
  return part === null || whole === 0 ? NONE : percentText(part / whole);
}

function rareText(after: ReportCycle | undefined): string {
  return after && after.rareIou !== null ? miouText(after.rareIou) : NONE;
}
