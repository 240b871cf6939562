// The report as a table for a terminal. Pure.
import { formatTable } from '../table.ts';
import { strategyText } from './numbers.ts';
import { pickTable } from './picks.ts';
import type { Report } from './report.ts';

/** What was picked; undefined where nothing was. */
export function reportPicks(report: Report): string | undefined {
  const table = pickTable(report);
  if (!table) return undefined;
  const columns = table.titles.map((title, at) => ({
    title,
    align: at === 0 ? ('left' as const) : ('right' as const),
  }));
  return formatTable(columns, table.rows);
}

export function reportTable({ campaigns, full }: Report): string {
  const columns = [
    { title: 'campaign', align: 'left' },
    { title: 'cycle', align: 'right' },
    { title: 'labelled', align: 'right' },
    { title: 'images', align: 'right' },
    { title: 'regions', align: 'right' },
    { title: 'extended', align: 'right' },
    { title: 'mIoU', align: 'right' },
    ...(full ? [{ title: 'of all labels', align: 'right' } as const] : []),
    { title: 'seconds', align: 'right' },
  ] as const;
  const rows = campaigns.flatMap(({ name, cycles }) =>
    cycles.map(({ cycle, labelled, extended, miou, seconds }) => [
      strategyText(name),
      String(cycle + 1),
      `${(labelled.fraction * 100).toFixed(1)} %`,
      String(labelled.images),
      String(labelled.regions),
      String(extended.pixels),
      miou.toFixed(3),
      ...(full ? [`${((miou / full.miou) * 100).toFixed(0)} %`] : []),
      Object.values(seconds)
        .reduce((sum, each) => sum + each, 0)
        .toFixed(0),
    ]),
  );
  const fullRow = full ? [['all labels', '', '100.0 %', '', '', '', full.miou.toFixed(3), '100 %', '']] : [];
  return formatTable(columns, [...rows, ...fullRow]);
}
