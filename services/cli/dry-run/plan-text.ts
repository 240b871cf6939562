// A plan for people. Pure.
import { formatTable } from '../table.ts';
import type { EstimatedSeconds } from './estimate-seconds.ts';
import type { PlannedAcquisition, PlannedCycle, Span } from './plan-cycles.ts';

const COLUMNS = [
  { title: 'cycle', align: 'right' },
  { title: 'labelled', align: 'right' },
  { title: 'pixels', align: 'right' },
  { title: 'images', align: 'right' },
  { title: 'training steps', align: 'right' },
  { title: 'then rates', align: 'right' },
  { title: 'searches', align: 'right' },
  { title: 'asks for', align: 'right' },
  { title: 'pixels asked for', align: 'right' },
] as const;

export function planTable(cycles: readonly PlannedCycle[]): string {
  const rows = cycles.map(({ cycle, labelledPixels, fraction, images, trainingSteps, acquisition }) => [
    String(cycle + 1),
    `${(fraction * 100).toFixed(1)} %`,
    String(labelledPixels),
    spanText(images),
    spanText(trainingSteps),
    ...(acquisition
      ? [
          ratedText(acquisition),
          `${acquisition.subsetImages} images`,
          `${acquisition.regions} ${acquisition.regionSizePx > 0 ? `of ${acquisition.regionSizePx}x${acquisition.regionSizePx}` : 'images'}`,
          String(acquisition.pixels),
        ]
      : ['', '', '', '']),
  ]);
  return formatTable(COLUMNS, rows);
}

function ratedText({ ratedImages, samplerSteps }: PlannedAcquisition): string {
  return samplerSteps ? `${ratedImages} images by ${spanText(samplerSteps)} sampler steps` : `${ratedImages} images`;
}

export function estimateText({ training, selection, sampler }: EstimatedSeconds): string {
  const low = durationText(training.least + selection + sampler.least);
  const high = durationText(training.most + selection + sampler.most);
  const total = low === high ? `about ${low}` : `${low} to ${high}`;
  const trained = spanOf(durationText(training.least), durationText(training.most));
  const parts = [`training ${trained}`, `selection ${durationText(selection)}`];
  if (sampler.most > 0) parts.push(`its sampler ${spanOf(durationText(sampler.least), durationText(sampler.most))}`);
  return `Estimated time on this machine: ${total} (${parts.join(', ')}), from the time of one image.`;
}

const spanText = ({ least, most }: Span) => spanOf(String(least), String(most));
const spanOf = (least: string, most: string) => (least === most ? least : `${least}–${most}`);

/** 95 -> "95 s", 600 -> "10 min", 9000 -> "2.5 h". */
export function durationText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
