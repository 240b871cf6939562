// `cpral reproduce`: figures as grids of campaigns, each done once and none twice; then the comparison.
import { CampaignConfig, CampaignState } from '../../../proto/gen/cpral/v1/resources.ts';
import { campaignConfig, withEncoderWeights } from '../../shared/campaign/campaign-config.ts';
import { PRESETS, presetFor } from '../../shared/campaign/presets.ts';
import { parseDatasetFlag } from '../../shared/datasets/dataset-flag.ts';
import { mapConcurrently } from '../../shared/datasets/map-concurrently.ts';
import { openDataset } from '../../shared/datasets/open-dataset.ts';
import { CpralError } from '../../shared/errors.ts';
import { readEncoderWeights } from '../../shared/model/encoder-weights.ts';
import { campaignText } from '../campaign-text.ts';
import type { RegistryClient } from '../client.ts';
import type { ReproduceOptions } from '../command.ts';
import { withClient } from '../connect.ts';
import { importSource } from '../import-source.ts';
import { type Io, print } from '../io.ts';
import { describeMachine, describeVersions } from '../machine.ts';
import { openProgress } from '../progress/progress.ts';
import type { ProgressView } from '../progress/view.ts';
import type { ReportCampaign } from '../report/report.ts';
import { openReportFolder } from '../report/write-report.ts';
import { runCampaign } from '../run-campaign.ts';
import { collectCampaign, collectStudyDataset } from '../study/collect-study.ts';
import { figureNamed } from '../study/figures.ts';
import { configOf, fullOf, type GridOptions, keyOf, type PlannedCampaign, planGrid, seedsOf } from '../study/grid.ts';
import type { Figure, Study } from '../study/study.ts';
import { studyText } from '../study/study-text.ts';
import { writeStudy } from '../study/write-study.ts';
import { gridDryRun } from './grid-dry-run.ts';

export async function reproduce(options: ReproduceOptions, io: Io): Promise<void> {
  const preset = PRESETS[options.preset ?? presetFor(options.dataset)];
  const planned = campaignConfig(preset, 'random', options.flags);
  const figuresOf = (base: CampaignConfig) => options.figures.map((name) => figureNamed(name, base));
  const source = await openDataset(parseDatasetFlag(options.dataset));
  const poolImages = source.images.filter(({ split }) => split === 'train').length;
  if (options.dryRun) {
    await gridDryRun(
      { figures: figuresOf(planned), grid: { base: planned, seeds: options.seeds, poolImages }, source },
      options,
      io,
    );
    return;
  }
  const weights = await readEncoderWeights(options.encoderWeights, planned.training!.network!);
  await openReportFolder(options.out);

  const view = openProgress(io);
  try {
    await withClient(options.connection, io.signal, async (client) => {
      view.note(`Services: ${client.address}`);
      const { dataset } = await importSource(client, source, view);
      const { datasetId } = dataset;
      const uploaded = weights && { ...weights, object: await client.uploadObject(weights.safetensors) };
      const base = withEncoderWeights(planned, uploaded);
      const figures = figuresOf(base);
      const grid = { base, seeds: options.seeds, poolImages };
      const campaigns = planGrid(figures, grid);
      await checkAll(client, datasetId, campaigns);

      const about = await collectStudyDataset(client, datasetId);
      const done: Done = { results: new Map(), failures: [] };
      const study = (): Study => buildStudy({ figures, grid, done, campaigns, about, command: options.command });
      view.note(`${campaigns.length} campaigns: ${options.figures.join(', ')}, ${options.seeds} seeds`);
      await runAll(client, { datasetId, campaigns, parallel: options.parallel }, done, {
        view,
        rare: about.rareClasses,
        // What is found so far can be looked at while the rest runs.
        onProgress: async () => void (await writeStudy(options.out, study())),
      });
      const written = await writeStudy(options.out, study());
      view.close();
      print(io, `\n${studyText(study())}\n\nReport: ${written.url}\nData:   ${written.csv}`);
      if (done.failures.length > 0)
        throw new CpralError('ABORTED', `${done.failures.length} of ${campaigns.length} campaigns did not succeed`);
    });
  } finally {
    view.close();
  }
}

interface Done {
  /** By the key of the grid. */
  readonly results: Map<string, ReportCampaign>;
  readonly failures: string[];
}

/** All are checked before the first one starts: a mistake in the last would cost the time of the others. */
async function checkAll(
  client: RegistryClient,
  datasetId: string,
  campaigns: readonly PlannedCampaign[],
): Promise<void> {
  for (const { config } of campaigns) await client.createCampaign({ datasetId, config, validateOnly: true });
}

async function runAll(
  client: RegistryClient,
  work: { readonly datasetId: string; readonly campaigns: readonly PlannedCampaign[]; readonly parallel: number },
  done: Done,
  about: { readonly view: ProgressView; readonly rare: readonly number[]; readonly onProgress: () => Promise<void> },
): Promise<void> {
  const { view, rare, onProgress } = about;
  const { datasetId, campaigns, parallel } = work;
  let finished = 0;
  view.start('grid', 'campaigns');
  await mapConcurrently(campaigns, parallel, async ({ key, config, title }) => {
    const campaign = await runCampaign(client, { datasetId, config, title }, view);
    if (campaign.state === CampaignState.CAMPAIGN_STATE_SUCCEEDED) {
      const collected = await collectCampaign(client, campaign.campaignId, rare);
      if (collected) done.results.set(key, collected.result);
    } else {
      // The others go on: one selection that does not converge is a result, too.
      done.failures.push(`${title}: ${campaignText(campaign, [])}`);
    }
    finished++;
    view.update('grid', { done: finished, total: campaigns.length, unit: 'campaigns' });
    await onProgress();
  });
  view.finish('grid', `${finished} of ${campaigns.length}`);
}

function buildStudy(from: {
  readonly figures: readonly Figure[];
  readonly grid: GridOptions;
  readonly done: Done;
  readonly campaigns: readonly PlannedCampaign[];
  readonly about: Study['dataset'];
  readonly command: string;
}): Study {
  const { figures, grid, done, campaigns, about, command } = from;
  const seeds = seedsOf(grid);
  const found = (config: (seed: number) => CampaignConfig) =>
    seeds.flatMap((seed) => done.results.get(keyOf(config(seed))) ?? []);
  return {
    title: figures.length === 1 ? figures[0]!.title : 'The figures of CPRAL',
    dataset: about,
    figures: figures.map((figure) => ({
      figure,
      arms: figure.arms.map((arm) => ({ arm, campaigns: found((seed) => configOf(arm, grid.base, seed)) })),
      full: found((seed) => fullOf(grid, seed)),
    })),
    config: CampaignConfig.toJSON(grid.base) as Record<string, unknown>,
    command,
    failures: done.failures,
    missing: campaigns.length - done.results.size - done.failures.length,
    machine: describeMachine(),
    versions: describeVersions(),
  };
}
