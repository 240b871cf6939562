// Campaigns: the list, one of them, both live, and what is done to them.
import { Type } from 'typebox';
import { CpralError } from '../../shared/errors.ts';
import { compare } from '../campaigns/comparison.ts';
import { readCycles } from '../campaigns/read-cycles.ts';
import { selectionPage } from '../campaigns/selection.ts';
import { campaignEvents } from '../campaigns/watch.ts';
import { getCampaign, getDataset, getOperation, listCampaigns } from '../registry/ask-registry.ts';
import { ask, required } from '../registry/registry.ts';
import {
  ActionRequest,
  CampaignDetail,
  CampaignList,
  CampaignSummary,
  Comparison,
  SelectionPage,
} from '../schemas/campaign-schemas.ts';
import { quoted, readIfMatch } from '../server/etags.ts';
import { eventStream } from '../server/event-stream.ts';
import { bytes, CampaignParams, EVENT_STREAM, IfMatch, PageToken, REFUSALS, type Routes } from '../server/routes.ts';
import { detailOf } from '../views/campaign-view.ts';

const CAMPAIGNS_PER_PAGE = 50;
const MAX_CYCLE = 1_000;

export const campaignRoutes: Routes = (server, context) => {
  const { registry, summaries, feed, stopping } = context;

  server.get(
    '/campaigns',
    {
      schema: {
        summary: 'Campaigns, newest first',
        querystring: Type.Object({ pageToken: PageToken }),
        response: { 200: CampaignList, ...REFUSALS },
      },
    },
    async ({ query: { pageToken = '' } }) => {
      const { campaigns, nextPageToken } = await listCampaigns(registry, { pageSize: CAMPAIGNS_PER_PAGE, pageToken });
      return { campaigns: await Promise.all(campaigns.map(summaries.of)), nextPageToken };
    },
  );

  server.get(
    '/events',
    {
      schema: {
        summary: 'All campaigns and the work, live: events `campaign` and `work`',
        response: { 200: EVENT_STREAM, ...REFUSALS },
      },
    },
    async (_, reply) => reply.send(bytes(eventStream(reply, feed.events, { stopping }))),
  );

  server.get(
    '/campaigns/:campaignId',
    {
      schema: {
        summary: 'A campaign with its cycles',
        params: CampaignParams,
        response: { 200: CampaignDetail, ...REFUSALS },
      },
    },
    async ({ params: { campaignId } }, reply) => {
      const campaign = await getCampaign(registry, campaignId);
      const [summary, dataset, cycles] = await Promise.all([
        summaries.of(campaign),
        getDataset(registry, campaign.datasetId),
        readCycles(registry, campaignId),
      ]);
      reply.header('etag', quoted(campaign.etag));
      return detailOf(summary, campaign, dataset, cycles);
    },
  );

  server.get(
    '/campaigns/:campaignId/events',
    {
      schema: {
        summary: 'A campaign, live: events `campaign`, `cycle` and `end`',
        params: CampaignParams,
        response: { 200: EVENT_STREAM, ...REFUSALS },
      },
    },
    async ({ params: { campaignId } }, reply) => {
      // One that is not there is a problem, not a stream.
      await getCampaign(registry, campaignId);
      return reply.send(
        bytes(eventStream(reply, (signal) => campaignEvents(context, campaignId, signal), { stopping })),
      );
    },
  );

  server.get(
    '/campaigns/:campaignId/comparison',
    {
      schema: {
        summary: 'What a campaign is held against',
        params: CampaignParams,
        response: { 200: Comparison, ...REFUSALS },
      },
    },
    async ({ params: { campaignId } }) => compare(registry, await getCampaign(registry, campaignId)),
  );

  server.get(
    '/campaigns/:campaignId/cycles/:cycle/selection',
    {
      schema: {
        summary: 'What a cycle picked, best first',
        params: Type.Object({ ...CampaignParams.properties, cycle: Type.Integer({ minimum: 0, maximum: MAX_CYCLE }) }),
        querystring: Type.Object({ pageToken: PageToken }),
        response: { 200: SelectionPage, ...REFUSALS },
      },
    },
    async ({ params: { campaignId, cycle }, query: { pageToken = '' } }) =>
      selectionPage(registry, await getCampaign(registry, campaignId), { cycle, pageToken }),
  );

  const { pool, operations } = registry;
  const changing = {
    params: CampaignParams,
    headers: IfMatch,
    body: ActionRequest,
    response: { 200: CampaignSummary, ...REFUSALS },
  };

  server.post(
    '/campaigns/:campaignId/pause',
    { schema: { summary: 'Hands out no more work', ...changing } },
    async ({ params: { campaignId }, body: { requestId }, headers }) => {
      const request = { campaignId, etag: readIfMatch(headers['if-match']), requestId };
      const { campaign } = await ask(pool, pool.pauseCampaign, request);
      return summaries.of(required(campaign, 'a campaign'));
    },
  );

  server.post(
    '/campaigns/:campaignId/resume',
    { schema: { summary: 'Goes on after a pause or a failure', ...changing } },
    async ({ params: { campaignId }, body: { requestId }, headers }) => {
      const request = { campaignId, etag: readIfMatch(headers['if-match']), requestId };
      const { campaign } = await ask(pool, pool.resumeCampaign, request);
      feed.refresh();
      return summaries.of(required(campaign, 'a campaign'));
    },
  );

  server.post(
    '/campaigns/:campaignId/cancel',
    { schema: { summary: 'Ends it for good; what it has labelled and trained stays', ...changing } },
    async ({ params: { campaignId }, headers }) => {
      const etag = readIfMatch(headers['if-match']);
      const campaign = await getCampaign(registry, campaignId);
      // The registry's cancellation knows no tag. It may be sent twice without harm, so its request has no id either.
      if (etag && etag !== campaign.etag) {
        throw new CpralError(
          'ABORTED',
          `campaign "${campaignId}" changed: expected etag ${etag}, it is ${campaign.etag}`,
          {
            field: 'If-Match',
            reason: 'ETAG_MISMATCH',
          },
        );
      }
      const { done } = await getOperation(registry, campaign.operationId);
      if (done) {
        throw new CpralError('FAILED_PRECONDITION', `campaign "${campaignId}" has ended and cannot be cancelled`, {
          reason: 'CAMPAIGN_ENDED',
        });
      }
      await ask(operations, operations.cancelOperation, { operationId: campaign.operationId });
      return summaries.of(await getCampaign(registry, campaignId));
    },
  );
};
