// What was found, in sentences that promise no more than one run can show. Pure.
import { countText, miouText, percentText, pointsText, strategyText } from './numbers.ts';
import type { Report, ReportCampaign, ReportCycle } from './report.ts';

/** Standard deviation of the mIoU over training seeds, as CamVid with short trainings showed it. */
const NOISE_POINTS = 2;
/** Two runs that are equally good differ by less in 19 of 20 cases; very short trainings differ by more. */
const TOLD_APART_POINTS = 1.96 * Math.SQRT2 * NOISE_POINTS;
/** Labelled shares that differ by more than this, of the larger one, are no fair comparison. */
const FAIR_SHARE = 0.05;

export interface Headline {
  readonly title: string;
  /** How far to trust it, a sentence each. */
  readonly notes: readonly string[];
}

export function headline(report: Report): Headline {
  const [main, control] = report.campaigns;
  const last = main?.cycles.at(-1);
  if (!main || !last) return { title: 'No model is trained yet.', notes: [] };
  const name = strategyText(main.name);
  const notes: string[] = [];
  const controlLast = control?.cycles.at(-1);
  let title = `${name} reaches ${miouText(last.miou)} mIoU with ${percentText(last.labelled.fraction)} of the pixels labelled`;
  if (control && controlLast) {
    const other = strategyText(control.name);
    title = `${name} reaches ${miouText(last.miou)}\u00a0mIoU, ${other}\u00a0${miouText(controlLast.miou)}, with ${shares(last, controlLast)}`;
    notes.push(comparison(name, other, last, controlLast));
  }
  notes.push(rise(name, main));
  if (report.full) notes.push(ofFull(name, last, report.full.miou));
  return { title: `${title}.`, notes: notes.filter((note) => note !== '') };
}

function shares(main: ReportCycle, control: ReportCycle): string {
  const [a, b] = [main.labelled.fraction, control.labelled.fraction];
  if (percentText(a) === percentText(b)) return `${percentText(a)} of the pixels labelled`;
  return `${percentText(a)} and ${percentText(b)} of the pixels labelled`;
}

function comparison(name: string, other: string, main: ReportCycle, control: ReportCycle): string {
  const points = (main.miou - control.miou) * 100;
  const text = `${pointsText(points / 100)} points`;
  const [smaller, larger] = [main.labelled.fraction, control.labelled.fraction].sort((a, b) => a - b);
  if (smaller! < larger! * (1 - FAIR_SHARE)) {
    return `The labelled shares differ, so the difference of ${text} compares unequal budgets.`;
  }
  const usual = `what two equally good runs may differ by, ${TOLD_APART_POINTS.toFixed(1)} points`;
  if (Math.abs(points) <= TOLD_APART_POINTS) {
    return `The difference of ${text} lies inside ${usual}: with one seed, ${name} and ${other} cannot be told apart.`;
  }
  return `The difference of ${text} is larger than ${usual}; it is one seed, and more of them would have to confirm it.`;
}

function rise(name: string, { cycles }: ReportCampaign): string {
  const [first, last] = [cycles[0], cycles.at(-1)];
  if (!first || !last || first === last) return '';
  const change = last.miou - first.miou;
  const verb = change >= 0 ? 'gained' : 'lost';
  return `From its first to its last model ${name} ${verb} ${Math.abs(change * 100).toFixed(1)} points, for ${countText(last.labelled.pixels - first.labelled.pixels)} more labelled pixels in ${countText(last.labelled.regions)} regions of ${countText(last.labelled.images)} images.`;
}

function ofFull(name: string, last: ReportCycle, fullMiou: number): string {
  const share = percentText(last.miou / fullMiou, 0);
  return `${name}'s last model has ${share} of the ${miouText(fullMiou)} that the same training reaches with all labels.`;
}
