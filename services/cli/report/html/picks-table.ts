// What was picked, a row an acquisition. Pure.
import { percentText } from '../numbers.ts';
import { pickTable } from '../picks.ts';
import type { Report } from '../report.ts';
import { html, type Markup } from './markup.ts';

export function picksTable(report: Report): Markup | undefined {
  const table = pickTable(report);
  if (!table) return undefined;
  const { classes, rareClasses, pool } = report.dataset;
  const rare = rareClasses.map((id) => classes[id]?.name ?? String(id)).join(', ');
  const share = rareClasses.reduce((sum, id) => sum + (pool.classShare[id] ?? 0), 0);
  const about = rareClasses.length > 0 ? ` Rare are ${rare}: ${percentText(share)} of the pool.` : '';
  return html`<p class="muted">These shares of the picked pixels carry no noise of a training: what the model that picked them had wrong, what nobody could name (${percentText(pool.voidShare)} of the pool is void), and what others picked too.${about}</p>
<div class="scroll"><table>
<thead><tr>${table.titles.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${table.rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
</table></div>`;
}
