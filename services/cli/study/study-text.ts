// A comparison for a terminal. Pure.
import { formatTable } from '../table.ts';
import type { Study } from './study.ts';
import { resultTable } from './summary.ts';
import { verdictText } from './verdict-text.ts';

export function studyText({ figures, failures }: Study): string {
  const sections = figures.map((results) => {
    const { titles, rows } = resultTable(results);
    const columns = titles.map((title, at) => ({ title, align: at === 0 ? ('left' as const) : ('right' as const) }));
    const judged = results.figure.claims.map((claim) => {
      const { verdict, found } = claim.judge(results);
      return `- ${claim.text}: ${verdictText(verdict)} (${found})`;
    });
    return [results.figure.title, '', formatTable(columns, rows), ...(judged.length > 0 ? ['', ...judged] : [])].join(
      '\n',
    );
  });
  return [...sections, ...failures].join('\n\n');
}
