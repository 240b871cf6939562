// What states, steps and kinds of work are called on the page.
import type { CampaignState, CampaignStep, CampaignSummary } from '../../dashboard-types.ts';

export const STATE_TEXT: Readonly<Record<CampaignState, { readonly text: string; readonly tone: string }>> = {
  running: { text: 'Running', tone: 'active' },
  paused: { text: 'Paused', tone: 'warn' },
  succeeded: { text: 'Finished', tone: 'good' },
  failed: { text: 'Failed', tone: 'bad' },
  cancelled: { text: 'Stopped', tone: 'calm' },
};

export const STEP_TEXT: Readonly<Record<CampaignStep, string>> = {
  'initial-labels': 'Initial labels',
  train: 'Training',
  rate: 'Rating images',
  'select-centres': 'Choosing centres',
  'train-sampler': 'Training the sampler',
  'find-regions': 'Finding regions',
  annotate: 'Annotation',
  extend: 'Extending labels',
  done: 'Done',
};

/** The loop as the campaign's page draws it; what is left out belongs to its neighbour. */
export const LOOP: readonly { readonly text: string; readonly steps: readonly CampaignStep[] }[] = [
  { text: 'Train', steps: ['train'] },
  { text: 'Rate', steps: ['rate', 'select-centres', 'train-sampler'] },
  { text: 'Select', steps: ['find-regions'] },
  { text: 'Annotate', steps: ['initial-labels', 'annotate'] },
  { text: 'Extend', steps: ['extend'] },
];

const KIND_TEXT: Readonly<Record<string, string>> = {
  train: 'Training',
  rate: 'Rating',
  find_regions: 'Finding regions',
  annotate: 'Annotation',
  extend_labels: 'Extension',
  select_centres: 'Centres',
  train_sampler: 'Sampler',
};

export const kindText = (kind: string) => KIND_TEXT[kind] ?? kind;

/** @returns the done share of the present step, from 0 to 1 */
export function stepShare({ progress, state }: Pick<CampaignSummary, 'progress' | 'state'>): number {
  if (state === 'succeeded') return 1;
  const { unitsDone, unitsTotal, itemsDone, itemsTotal } = progress;
  if (unitsTotal > 0) return Math.min(1, unitsDone / unitsTotal);
  return itemsTotal > 0 ? Math.min(1, itemsDone / itemsTotal) : 0;
}
