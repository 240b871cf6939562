// What was selected and why, in pictures: a row for each image. Pure.
import { strategyText } from '../numbers.ts';
import type { SelectionPictures } from '../pictures/picture.ts';
import type { Report } from '../report.ts';
import { html, type Markup, trusted } from './markup.ts';

export function selectionPictures(report: Report, pictures: readonly SelectionPictures[]): Markup | undefined {
  if (pictures.length === 0) return undefined;
  const cycles = [...new Set(pictures.map(({ cycle }) => cycle))];
  return html`<section>
<h2>What ${strategyText(report.strategy)} selected, and why</h2>
<p class="muted">The best-ranked images of each acquisition. Frames are the regions that were picked in it; ranks order them over all images, by their score. The heat map shows where the stochastic passes of the model disagree, bright for much.</p>
${legend(report)}
${cycles.map(
  (cycle) => html`<h3>After model ${cycle + 1}</h3>
${pictures.filter((each) => each.cycle === cycle).map(pictureRow)}`,
)}
</section>`;
}

function pictureRow(each: SelectionPictures): Markup {
  const { imageId, rank, score, regionCount, aspect } = each;
  const cells = [
    cell(each.selection, `Picked regions of ${imageId}`, 'Picked regions', aspect),
    each.entropy ? cell(each.entropy, `Vote entropy of ${imageId}`, 'Vote entropy', aspect) : undefined,
    each.given ? cell(each.given, `Labels given so far in ${imageId}`, 'Labels given so far', aspect) : undefined,
    each.extended
      ? cell(each.extended, `Labels of ${imageId} after their extension`, 'After extension', aspect)
      : undefined,
  ].filter((one) => one !== undefined);
  const size = { 4: '', 3: ' three', 2: ' two', 1: ' two' }[cells.length];
  const count = regionCount === 1 ? 'one region' : `${regionCount} regions`;
  return html`<figure class="shot">
<figcaption><b>${imageId}</b>: ${count}, the best at rank ${rank + 1}, score ${scoreText(score)}</figcaption>
<div class="shots${size}">${cells}</div>
</figure>`;
}

function cell(uri: string, alt: string, caption: string, aspect: number): Markup {
  return html`<div><img src="${trusted(uri)}" alt="${alt}" width="360" height="${Math.round(360 * aspect)}"><span>${caption}</span></div>`;
}

const scoreText = (score: number) => (Math.abs(score) >= 100 ? score.toFixed(0) : score.toPrecision(3));

function legend({ dataset }: Report): Markup {
  const stripes = 'repeating-linear-gradient(135deg, #262626 0 3px, #5c5c5c 3px 6px)';
  return html`<ul class="legend" aria-label="Colours of the classes">
${dataset.classes.map(({ name, color }) => html`<li><span style="background:${safeColor(color)}"></span>${name}</li>`)}
<li><span style="background:${stripes}"></span>void</li>
<li><span style="background:#d0d0d0"></span>unlabelled</li>
</ul>`;
}

/** Colours come with a dataset, from whoever made it; only plain ones enter the style. */
const safeColor = (color: string) => (/^#[0-9a-f]{6}$/i.test(color) ? color : '#808080');
