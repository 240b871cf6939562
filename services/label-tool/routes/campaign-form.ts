// Making a campaign: what the form offers, what its draft would cost, and making it.
import { PRESET_NAMES } from '../../shared/campaign/campaign-flags.ts';
import { PRESETS } from '../../shared/campaign/presets.ts';
import { ENCODERS } from '../../shared/model/encoder.ts';
import type { CampaignDraft, StrategyOption } from '../dashboard-types.ts';
import { draftConfig, inFormsWords, presetDefaults } from '../form/draft-config.ts';
import { LIMITS } from '../form/limits.ts';
import { labelsWholeImages, previewOf } from '../form/preview.ts';
import { createStartWeights } from '../form/start-weights.ts';
import { strategySummary } from '../form/strategy-summary.ts';
import { API } from '../pictures/addresses.ts';
import { ask, required } from '../registry/registry.ts';
import { CampaignSummary } from '../schemas/campaign-schemas.ts';
import {
  CampaignForm,
  CampaignPreview,
  CampaignRequest,
  CampaignDraft as DraftSchema,
} from '../schemas/form-schemas.ts';
import { REFUSALS, type Routes } from '../server/routes.ts';
import { readDatasetView } from '../views/dataset-view.ts';

/** Newest first: of more than these nobody would choose from a list. */
const MAX_DATASETS = 100;

export const campaignFormRoutes: Routes = (server, { registry, summaries, feed, stopping }) => {
  const { pool } = registry;
  const startWeights = createStartWeights(registry, stopping);

  server.get(
    '/campaign-form',
    { schema: { summary: 'What a campaign can be made of', response: { 200: CampaignForm, ...REFUSALS } } },
    async () => {
      const { datasets } = await ask(pool, pool.listDatasets, { pageSize: MAX_DATASETS, pageToken: '' });
      const { strategies } = await ask(pool, pool.listStrategies, {});
      return {
        datasets: await Promise.all(datasets.map((dataset) => readDatasetView(registry, dataset))),
        strategies: strategies.map(
          (strategy): StrategyOption => ({
            name: strategy.name,
            summary: strategySummary(strategy),
            wholeImages: labelsWholeImages(strategy),
            extends: strategy.extension,
          }),
        ),
        presets: PRESET_NAMES.map((name) => ({ name, summary: PRESETS[name].summary, defaults: presetDefaults(name) })),
        encoders: [...ENCODERS],
        limits: { ...LIMITS },
      };
    },
  );

  /** @param requestId undefined: only plans */
  async function create(draft: CampaignDraft, requestId: string | undefined) {
    try {
      const plain = draftConfig(draft);
      const config = requestId === undefined ? plain : await startWeights(plain, draft.pretrained ?? true);
      const { campaignId = '', datasetId } = draft;
      const request = {
        campaignId,
        datasetId,
        config,
        requestId: requestId ?? '',
        validateOnly: requestId === undefined,
      };
      return { config, ...(await ask(pool, pool.createCampaign, request)) };
    } catch (error) {
      throw inFormsWords(error);
    }
  }

  server.post(
    '/campaigns/preview',
    {
      schema: {
        summary: 'What a campaign would cost; nothing is made',
        body: DraftSchema,
        response: { 200: CampaignPreview, ...REFUSALS },
      },
    },
    async ({ body }) => {
      const { config, plan } = await create(body, undefined);
      return previewOf(registry, { datasetId: body.datasetId, config, plan: required(plan, 'a plan') });
    },
  );

  server.post(
    '/campaigns',
    {
      schema: {
        summary: 'Makes a campaign and starts it',
        body: CampaignRequest,
        response: { 200: CampaignSummary, 201: CampaignSummary, ...REFUSALS },
      },
    },
    async ({ body: { requestId, ...draft } }, reply) => {
      const { campaign, existed } = await create(draft, requestId);
      const summary = await summaries.of(required(campaign, 'a campaign'));
      feed.refresh();
      if (!existed) reply.header('location', `${API}/campaigns/${summary.campaignId}`);
      return reply.code(existed ? 200 : 201).send(summary);
    },
  );
};
