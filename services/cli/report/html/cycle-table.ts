// The numbers of every cycle, a table for each campaign. Pure.
import { countText, miouText, percentText, pointsText, strategyText } from '../numbers.ts';
import type { Report, ReportCampaign, ReportCycle } from '../report.ts';
import { html, type Markup } from './markup.ts';

export function cycleTables(report: Report): Markup {
  return html`<section>
<h2>Cycles</h2>
<p class="muted">Counted apart, because they differ: images that somebody touched, regions, pixels that were paid for, those of them without a class (void), and pixels that the extension added for nothing.</p>
${report.campaigns.map((campaign) => cycleTable(campaign, report))}
${fullText(report)}
</section>`;
}

function cycleTable({ name, cycles }: ReportCampaign, { full }: Report): Markup {
  const best = Math.max(...cycles.map(({ miou }) => miou));
  const titles = ['Cycle', 'Labelled', 'Images', 'Regions', 'Pixels', 'Void paid', 'Extended', 'mIoU', 'Change'];
  if (full) titles.push('Of all labels');
  titles.push('Accuracy', 'Loss');
  const row = (each: ReportCycle, before: ReportCycle | undefined) => html`<tr>
<th scope="row">${each.cycle + 1}</th>
<td>${percentText(each.labelled.fraction)}</td>
<td>${countText(each.labelled.images)}</td>
<td>${countText(each.labelled.regions)}</td>
<td>${countText(each.labelled.pixels)}</td>
<td>${each.labelled.pixels > 0 ? percentText(each.labelled.voidPixels / each.labelled.pixels) : '–'}</td>
<td>${each.extended.pixels > 0 ? countText(each.extended.pixels) : '–'}</td>
<td class="${each.miou === best ? 'best' : ''}">${miouText(each.miou)}</td>
${change(each, before)}
${full ? html`<td>${percentText(each.miou / full.miou, 0)}</td>` : undefined}
<td>${percentText(each.pixelAccuracy)}</td>
<td>${each.loss.toFixed(3)}</td>
</tr>`;
  return html`<h3>${strategyText(name)}</h3>
<div class="scroll"><table>
<thead><tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${cycles.map((each, at) => row(each, cycles[at - 1]))}</tbody>
</table></div>`;
}

function change(each: ReportCycle, before: ReportCycle | undefined): Markup {
  if (!before) return html`<td>–</td>`;
  const difference = each.miou - before.miou;
  return html`<td class="${difference >= 0 ? 'up' : 'down'}">${pointsText(difference)}</td>`;
}

function fullText({ full, campaigns }: Report): Markup | undefined {
  if (!full) return undefined;
  const at = (fraction: number | null) => (fraction === null ? 'not reached' : `at ${percentText(fraction)} labelled`);
  const sentences = campaigns.map(({ name }) => {
    const reached = full.reached[name];
    return `${strategyText(name)}: 90 % ${at(reached?.p90 ?? null)}, 95 % ${at(reached?.p95 ?? null)}.`;
  });
  return html`<p class="muted after">All labels give ${miouText(full.miou)}. ${sentences.join(' ')}</p>`;
}
