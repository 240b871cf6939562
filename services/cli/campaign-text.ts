// Campaigns in words and rows. Pure.
import {
  type Campaign,
  CampaignStep,
  type Cycle,
  campaignStateToJSON,
  campaignStepToJSON,
} from '../../proto/gen/cpral/v1/resources.ts';
import { formatTable } from './table.ts';

const LIST = [
  { title: 'campaign', align: 'left' },
  { title: 'state', align: 'left' },
  { title: 'cycle', align: 'right' },
  { title: 'step', align: 'left' },
  { title: 'dataset', align: 'left' },
] as const;

const CYCLES = [
  { title: 'cycle', align: 'right' },
  { title: 'labelled', align: 'right' },
  { title: 'images', align: 'right' },
  { title: 'regions', align: 'right' },
  { title: 'extended px', align: 'right' },
  { title: 'mIoU', align: 'right' },
  { title: 'model', align: 'left' },
] as const;

const words = (name: string, prefix: string) => name.replace(prefix, '').toLowerCase().replaceAll('_', ' ');

export const stateText = ({ state }: Campaign) => words(campaignStateToJSON(state), 'CAMPAIGN_STATE_');
const stepText = ({ step }: Campaign) => words(campaignStepToJSON(step), 'CAMPAIGN_STEP_');

export function campaignTable(campaigns: readonly Campaign[]): string {
  const rows = campaigns.map((each) => [
    each.campaignId,
    stateText(each),
    `${each.cycle + 1}/${each.config?.cycles ?? '?'}`,
    each.step === CampaignStep.CAMPAIGN_STEP_DONE ? '' : stepText(each),
    each.datasetId,
  ]);
  return formatTable(LIST, rows);
}

export function campaignText(campaign: Campaign, cycles: readonly Cycle[]): string {
  const { campaignId, datasetId, cycle, config, pool, error } = campaign;
  const lines = [
    `${campaignId}: ${stateText(campaign)}, cycle ${cycle + 1} of ${config?.cycles ?? '?'}, ${stepText(campaign)}, on ${datasetId}`,
  ];
  if (error !== '') lines.push(`Error: ${error}`);
  if (pool) {
    const { unlabelled, inAnnotation, partlyLabelled, fullyLabelled, excluded } = pool;
    lines.push(
      `Pool: ${unlabelled} unlabelled, ${inAnnotation} in annotation, ${partlyLabelled} partly and ${fullyLabelled} fully labelled, ${excluded} excluded`,
    );
  }
  for (const { imageId, cause } of campaign.excludedImages) lines.push(`Excluded: ${imageId}, ${cause}`);
  return cycles.length === 0 ? lines.join('\n') : `${lines.join('\n')}\n\n${cycleTable(cycles)}`;
}

function cycleTable(cycles: readonly Cycle[]): string {
  const rows = cycles.map(({ cycle, labelled, evaluation, modelId }) => [
    String(cycle + 1),
    labelled ? `${(labelled.fraction * 100).toFixed(1)} %` : '',
    String(labelled?.images ?? ''),
    String(labelled?.regions ?? ''),
    String(labelled?.extendedPixels ?? ''),
    evaluation ? evaluation.miou.toFixed(3) : '',
    modelId,
  ]);
  return formatTable(CYCLES, rows);
}
