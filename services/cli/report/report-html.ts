// The report as one HTML file that asks for nothing else: drawings and pictures stand in it.
import { classIou } from './charts/class-iou.ts';
import { learningCurve } from './charts/learning-curve.ts';
import { phaseSeconds } from './charts/phase-seconds.ts';
import { pickedClasses } from './charts/picked-classes.ts';
import { type ChartSpec, renderSvg } from './charts/svg.ts';
import { headline } from './headline.ts';
import { cycleTables } from './html/cycle-table.ts';
import { html, type Markup, trusted } from './html/markup.ts';
import { picksTable } from './html/picks-table.ts';
import { selectionPictures } from './html/selection-pictures.ts';
import { STYLE } from './html/style.ts';
import { countText, percentText, strategyText } from './numbers.ts';
import type { SelectionPictures } from './pictures/picture.ts';
import type { Report } from './report.ts';

/** Even a browser that would fetch something may not. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

export async function reportHtml(report: Report, pictures: readonly SelectionPictures[]): Promise<string> {
  const { title, notes } = headline(report);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${strategyText(report.strategy)} on ${report.dataset.name}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<main>
<header>
<p class="eyebrow">Active learning report · ${report.dataset.name}</p>
<h1>${title}</h1>
${notes.map((note) => html`<p class="lead">${note}</p>`)}
${facts(report)}
</header>
${await curveSection(report)}
${cycleTables(report)}
${selectionPictures(report, pictures)}
${await classSections(report)}
${await timeSection(report)}
${settings(report)}
<footer><p>${machineText(report)}</p></footer>
</main>
</body>
</html>
`;
  return page.markup;
}

function facts({ dataset, campaigns, config, seed, preset }: Report): Markup {
  const size = config.size as { height?: number; width?: number } | undefined;
  const noise = (config.oracleNoise as number | undefined) ?? 0;
  const rows: [string, string][] = [
    ['Pool', `${countText(dataset.trainImages)} images`],
    ['Validation', `${countText(dataset.valImages)} images`],
    ['Classes', String(dataset.classes.length)],
    ['Trained at', `${size?.height ?? '?'} × ${size?.width ?? '?'} px`],
    ...campaigns
      .filter(({ excluded }) => excluded.length > 0)
      .map(({ name, excluded }): [string, string] => [
        `Excluded by ${strategyText(name)}`,
        excluded.map(({ imageId, cause }) => `${imageId}: ${cause}`).join('; '),
      ]),
    ['Models', `${campaigns.reduce((sum, { cycles }) => sum + cycles.length, 0)}`],
    ['Annotator', noise > 0 ? `simulated, ${percentText(noise, 0)} wrong` : 'simulated, no mistakes'],
    ['Seed', String(seed)],
    ['Preset', preset ?? 'none'],
  ];
  return html`<dl class="facts">${rows.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

async function curveSection(report: Report): Promise<Markup> {
  const full = report.full
    ? ' The dotted lines are what the same training reaches with all labels, and 95 and 90 % of it.'
    : '';
  return html`<section>
<h2>Learning curve</h2>
<p class="muted">Each point is one model, trained on what was labelled by then.${full}</p>
${await chart(learningCurve(report), 'Learning curve: mIoU over the labelled share of the pool. The table below has its numbers.')}
</section>`;
}

async function classSections(report: Report): Promise<Markup> {
  const picks = pickedClasses(report);
  const { pool } = report.dataset;
  const counted =
    pool.countedImages < report.dataset.trainImages
      ? ` The pool's shares are counted on ${pool.countedImages} of its images.`
      : '';
  const picked = picks
    ? html`<section>
<h2>What was picked</h2>
<p class="muted">Right of the line: picked more often than the class occurs in the pool (its share stands beside its name).${counted}</p>
${await chart(picks, 'Share of each class among the picked pixels over its share in the pool.')}
${picksTable(report)}
</section>`
    : undefined;
  return html`<section>
<h2>Classes</h2>
<p class="muted">IoU of each class on the validation images, after the last cycle.</p>
${await chart(classIou(report), 'IoU of each class under the last model of each campaign.')}
</section>${picked}`;
}

async function timeSection(report: Report): Promise<Markup> {
  return html`<section>
<h2>Time</h2>
<p class="muted">Seconds of work in each phase of each cycle, waiting excluded.</p>
${await chart(phaseSeconds(report), 'Seconds of work by phase and cycle.')}
</section>`;
}

async function chart(spec: ChartSpec, label: string): Promise<Markup> {
  return html`<figure class="scroll">${trusted(await renderSvg(spec, label))}</figure>`;
}

function settings({ campaigns, config }: Report): Markup {
  return html`<section>
<h2>Settings</h2>
<p class="muted">Campaigns: ${campaigns.map(({ id }) => id).join(', ')}. Equal settings on equal data select equal regions.</p>
<details><summary>Configuration</summary><pre>${JSON.stringify(config, null, 2)}</pre></details>
</section>`;
}

function machineText({ machine, versions }: Report): string {
  const gib = (machine.memoryBytes / 2 ** 30).toFixed(0);
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${machine.cores} × ${machine.cpu}, ${gib} GiB, ${machine.platform}. ${named.join(', ')}.`;
}
