// The comparison as one HTML file that asks for nothing else: drawings stand in it.
import { type ChartSpec, renderSvg } from '../report/charts/svg.ts';
import { html, type Markup, trusted } from '../report/html/markup.ts';
import { STYLE } from '../report/html/style.ts';
import { classIou } from './charts/class-iou.ts';
import { curves } from './charts/curves.ts';
import { differences } from './charts/differences.ts';
import { phaseSeconds } from './charts/phase-seconds.ts';
import { panelNames } from './charts/series.ts';
import type { FigureResults, Study } from './study.ts';
import { costTable, pickTable, resultTable, type SummaryTable } from './summary.ts';
import { verdictText } from './verdict-text.ts';

/** Even a browser that would fetch something may not. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
const VERDICT_CLASS = { holds: 'up', 'does not hold': 'down', unclear: 'muted' } as const;

export async function studyHtml(study: Study): Promise<string> {
  const sections: Markup[] = [];
  for (const results of study.figures) sections.push(await figureSection(results, study));
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${study.title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<main>
<header>
<p class="eyebrow">Comparison · ${study.dataset.name}</p>
<h1>${study.title}</h1>
${notes(study).map((note) => html`<p class="lead">${note}</p>`)}
${facts(study)}
</header>
${sections}
${settings(study)}
<footer><p>${machineText(study)}</p></footer>
</main>
</body>
</html>
`;
  return page.markup;
}

function notes({ missing, failures }: Study): string[] {
  return [
    ...(missing > 0 ? [`${missing} campaigns are planned and not done: what follows is of those that are.`] : []),
    ...failures,
  ];
}

function facts({ dataset, figures }: Study): Markup {
  const campaigns = new Set(figures.flatMap(({ arms }) => arms.flatMap((arm) => arm.campaigns.map(({ id }) => id))));
  const seeds = new Set(figures.flatMap(({ arms }) => arms.flatMap((arm) => arm.campaigns.map(({ seed }) => seed))));
  const rows: [string, string][] = [
    ['Pool', `${dataset.trainImages} images`],
    ['Validation', `${dataset.valImages} images`],
    ['Classes', String(dataset.classes.length)],
    ['Campaigns', String(campaigns.size)],
    ['Seeds', String(seeds.size)],
    ['Intervals', '95 %, Student’s t over seeds'],
  ];
  return html`<dl class="facts">${rows.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

async function figureSection(results: FigureResults, { dataset }: Study): Promise<Markup> {
  const { figure, arms } = results;
  const ahead = differences(results);
  const rare = dataset.rareClasses.map((id) => dataset.classes[id]?.name ?? id).join(', ');
  const [firstPanel] = panelNames(results);
  const shown = arms.filter(({ arm, campaigns }) => arm.panel === firstPanel && campaigns.length > 0);
  if (shown.length === 0) {
    return html`<section><h2>${figure.title}</h2><p class="muted">No campaign of it is done.</p></section>`;
  }
  return html`<section>
<h2>${figure.title}</h2>
<p class="muted">${figure.question}</p>
${claims(results)}
${await chart(curves(results), `mIoU over the labelled share of the pool, by arm. The table below has its last points.`)}
${table(resultTable(results), 'The last models. Area: mean mIoU over the labelled shares of the curve. Differences are paired by seed.')}
${ahead ? await chart(ahead, `Points of mIoU ahead of ${figure.control}.`) : undefined}
<h3>What the labels cost</h3>
${table(costTable(results), 'At the last point, means over seeds. An acquisition is rating, search and extension; annotators’ time is not in it.')}
<h3>What was picked</h3>
${table(pickTable(results, dataset.rareClasses), `Shares of the picked pixels, over all acquisitions: they carry no noise of a training beyond that of the model that picked.${rare === '' ? '' : ` Rare classes: ${rare}.`}`)}
<h3>Classes</h3>
${await chart(classIou(shown, dataset.classes), 'IoU of each class under the last models, by arm.')}
<h3>Time</h3>
${await chart(phaseSeconds(results), 'Seconds of work of each phase of a campaign, by arm.')}
</section>`;
}

function claims(results: FigureResults): Markup | undefined {
  const judged = results.figure.claims.map((claim) => ({ text: claim.text, ...claim.judge(results) }));
  if (judged.length === 0) return undefined;
  return html`<div class="scroll"><table class="claims">
<thead><tr><th scope="col">Claim</th><th scope="col">Here</th><th scope="col">Found</th></tr></thead>
<tbody>${judged.map(
    ({ text, verdict, found }) =>
      html`<tr><th scope="row">${text}</th><td class="${VERDICT_CLASS[verdict]}">${verdictText(verdict)}</td><td>${found}</td></tr>`,
  )}</tbody>
</table></div>`;
}

function table({ titles, rows }: SummaryTable, caption: string): Markup {
  return html`<div class="scroll after"><table>
<caption>${caption}</caption>
<thead><tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
</table></div>`;
}

async function chart(spec: ChartSpec, label: string): Promise<Markup> {
  return html`<figure class="scroll">${trusted(await renderSvg(spec, label))}</figure>`;
}

function settings({ command, config }: Study): Markup {
  const configuration =
    config &&
    html`<details><summary>Configuration that the arms change</summary><pre>${JSON.stringify(config, null, 2)}</pre></details>`;
  return html`<section>
<h2>Settings</h2>
<p class="muted">Made by: <code>${command}</code></p>
${configuration ?? undefined}
</section>`;
}

function machineText({ machine, versions }: Study): string {
  const gib = (machine.memoryBytes / 2 ** 30).toFixed(0);
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${machine.cores} × ${machine.cpu}, ${gib} GiB, ${machine.platform}. ${named.join(', ')}.`;
}
