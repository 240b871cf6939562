// `cpral run`: a strategy, its control and all labels, side by side, as campaigns of the services; then the report.
import type { CampaignPlan } from '../../../proto/gen/cpral/v1/pool_registry.ts';
import type { CampaignConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import {
  campaignConfig,
  checkPlan,
  controlConfig,
  fullConfig,
  withEncoderWeights,
} from '../../shared/campaign/campaign-config.ts';
import { PRESETS, presetFor } from '../../shared/campaign/presets.ts';
import { parseDatasetFlag } from '../../shared/datasets/dataset-flag.ts';
import { mapConcurrently } from '../../shared/datasets/map-concurrently.ts';
import { openDataset } from '../../shared/datasets/open-dataset.ts';
import { readEncoderWeights } from '../../shared/model/encoder-weights.ts';
import type { RegistryClient } from '../client.ts';
import type { RunOptions } from '../command.ts';
import { type Services, withClient } from '../connect.ts';
import { findStrategy } from '../find-strategy.ts';
import { requireSuccess } from '../follow-campaigns.ts';
import { importSource } from '../import-source.ts';
import { type Io, print } from '../io.ts';
import { openProgress } from '../progress/progress.ts';
import { collectReport } from '../report/collect-report.ts';
import { headline } from '../report/headline.ts';
import { reportJson } from '../report/report-json.ts';
import { reportPicks, reportTable } from '../report/report-table.ts';
import { openReportFolder, writeReport } from '../report/write-report.ts';
import { runCampaign } from '../run-campaign.ts';
import { DEFAULT_PAGE_LISTENS } from '../values.ts';
import { dryRun } from './dry-run.ts';

interface Entry {
  readonly role: 'strategy' | 'control' | 'full';
  readonly config: CampaignConfig;
}

export async function run(options: RunOptions, io: Io): Promise<void> {
  const presetName = options.preset ?? presetFor(options.dataset);
  const planned = campaignConfig(PRESETS[presetName], options.strategy, options.flags);
  const source = await openDataset(parseDatasetFlag(options.dataset));
  const poolImages = source.images.filter(({ split }) => split === 'train').length;
  checkPlan(planned, poolImages);
  if (options.dryRun) {
    const entries = entriesOf(planned, options, poolImages).filter(({ role }) => role !== 'full');
    const campaigns = await withClient(options.connection, io.signal, (client) =>
      Promise.all(
        entries.map(async ({ config }) => ({ config, strategy: await findStrategy(client, config.strategy) })),
      ),
    );
    dryRun({ campaigns, source }, options, io);
    return;
  }
  const weights = await readEncoderWeights(options.encoderWeights, planned.training!.network!);
  await openReportFolder(options.out);

  const view = openProgress(io);
  try {
    const work = async (client: RegistryClient, { labelToolUrl }: Pick<Services, 'labelToolUrl'>) => {
      view.note(`Services: ${client.address}`);
      if (labelToolUrl) view.note(`Label tool, to watch it: ${labelToolUrl}`);
      await findStrategy(client, options.strategy);
      const { dataset } = await importSource(client, source, view);
      const uploaded = weights && { ...weights, object: await client.uploadObject(weights.safetensors) };
      const config = withEncoderWeights(planned, uploaded);
      const entries = entriesOf(config, options, poolImages);
      // All are checked before the first one starts: a mistake in the last would cost the time of the others.
      for (const [at, { config }] of entries.entries()) {
        const { plan } = await client.createCampaign({ datasetId: dataset.datasetId, config, validateOnly: true });
        if (at === 0 && plan) view.note(planText(config, plan));
      }
      const start = async ({ role, config }: Entry) => {
        const title = role === 'full' ? 'all labels' : config.strategy;
        const campaign = await runCampaign(client, { datasetId: dataset.datasetId, config, title }, view);
        requireSuccess(campaign);
        return campaign.campaignId;
      };
      // More at once than there are workers would only take each other's time, and the first result would come last.
      const { address, workers } = options.connection;
      const ids = await mapConcurrently(entries, address === undefined ? workers : entries.length, start);
      const idsOf = (wanted: (role: Entry['role']) => boolean) => ids.filter((_, at) => wanted(entries[at]!.role));

      view.start('report', 'report');
      const collected = await collectReport(client, {
        campaignIds: idsOf((role) => role !== 'full'),
        fullId: idsOf((role) => role === 'full')[0],
        preset: presetName,
      });
      const written = await writeReport(options.out, collected);
      view.finish('report', written.html);
      view.close();
      const { report } = collected;
      if (options.json) {
        io.stdout.write(reportJson(report));
        return;
      }
      const { title, notes } = headline(report);
      const picks = reportPicks(report);
      print(
        io,
        [
          '',
          reportTable(report),
          ...(picks ? ['', picks] : []),
          '',
          title,
          ...notes,
          '',
          `Report: ${written.url}`,
          `Data:   ${written.json}`,
        ].join('\n'),
      );
    };
    // A run takes long enough to be watched.
    await withClient(options.connection, io.signal, work, { pageListens: DEFAULT_PAGE_LISTENS });
  } finally {
    view.close();
  }
}

function entriesOf(config: CampaignConfig, { control, strategy, full }: RunOptions, poolImages: number): Entry[] {
  const entries: Entry[] = [{ role: 'strategy', config }];
  if (control !== 'none' && control !== strategy)
    entries.push({ role: 'control', config: controlConfig(config, control) });
  if (full) entries.push({ role: 'full', config: fullConfig(config, poolImages) });
  return entries;
}

function planText(config: CampaignConfig, plan: CampaignPlan): string {
  const share = `${(plan.finalFraction * 100).toFixed(1)} %`;
  if (config.cycles === 1)
    return `Plan: one training with ${config.initialImages} images, ${share} of the pool labelled.`;
  const side = plan.regionSizePx;
  const regions = `${plan.regionsPerCycle} ${side > 0 ? `regions of ${side}x${side} px` : 'images'}`;
  return `Plan: ${config.cycles} trainings; between two of them ${regions} from ${plan.subsetImages} images; ${share} of the pool labelled in the end.`;
}
