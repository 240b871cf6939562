// Work items, with what was given up and its redrive; and the models that came of it.
import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { CpralError, invalid } from '../../shared/errors.ts';
import { API } from '../pictures/addresses.ts';
import { openObject } from '../pictures/object-stream.ts';
import { getModel, listCycles } from '../registry/ask-registry.ts';
import { ask } from '../registry/registry.ts';
import { ModelList, RedriveRequest, WorkList, WorkState } from '../schemas/work-schemas.ts';
import { bytes, Id, PageToken, REFUSALS, type Routes } from '../server/routes.ts';
import { modelView } from '../views/model-view.ts';
import { workStateOf } from '../views/words.ts';
import { workView } from '../views/work-view.ts';

const ITEMS_PER_PAGE = 100;
const MAX_REDRIVEN = 1_000;
const MAX_MODELS = 200;
const NOT_IN_FILE_NAMES = /[^\w.-]+/g;

export const workRoutes: Routes = (server, { registry, feed }) => {
  const { pool } = registry;

  server.get(
    '/work',
    {
      schema: {
        summary: 'Work items, oldest first: without a state those that are open, leased or parked',
        querystring: Type.Object({
          campaignId: Type.Optional(Id('of the campaign')),
          state: Type.Optional(WorkState),
          pageToken: PageToken,
        }),
        response: { 200: WorkList, ...REFUSALS },
      },
    },
    async ({ query: { campaignId = '', state, pageToken = '' } }) => {
      const states = state ? [workStateOf(state)] : [];
      const { items, nextPageToken } = await ask(pool, pool.listWorkItems, {
        campaignId,
        states,
        pageSize: ITEMS_PER_PAGE,
        pageToken,
      });
      return { items: items.map(workView), nextPageToken };
    },
  );

  server.post(
    '/work/redrive',
    { schema: { summary: 'Tries parked items again', body: RedriveRequest, response: { 200: WorkList, ...REFUSALS } } },
    async ({ body: { requestId, itemIds = [], campaignId = '' } }) => {
      if (itemIds.length > 0 === (campaignId !== '')) {
        throw invalid('itemIds, campaignId: expected either of them, got both or none', { field: 'itemIds' });
      }
      if (itemIds.length > MAX_REDRIVEN)
        throw invalid(`itemIds: expected at most ${MAX_REDRIVEN}, got ${itemIds.length}`, { field: 'itemIds' });
      const { items } = await ask(pool, pool.redriveWorkItems, { itemIds: [...itemIds], campaignId, requestId });
      feed.refresh();
      return { items: items.map(workView), nextPageToken: '' };
    },
  );

  server.get(
    '/models',
    {
      schema: {
        summary: 'The models of a campaign, by cycle',
        querystring: Type.Object({ campaignId: Id('of the campaign') }),
        response: { 200: ModelList, ...REFUSALS },
      },
    },
    async ({ query: { campaignId } }) => {
      const cycles = (await listCycles(registry, campaignId))
        .filter(({ modelId }) => modelId !== '')
        .slice(-MAX_MODELS);
      return {
        models: await Promise.all(cycles.map(async ({ modelId }) => modelView(await getModel(registry, modelId), API))),
      };
    },
  );

  server.get(
    '/models/:modelId/weights',
    {
      schema: {
        summary: "A model's weights as safetensors",
        params: Type.Object({ modelId: Id('of the model') }),
        response: {
          200: { description: 'safetensors', content: { 'application/octet-stream': { schema: Type.String() } } },
          ...REFUSALS,
        },
      },
    },
    async ({ params: { modelId } }, reply) => {
      const { weights } = await getModel(registry, modelId);
      if (!weights) throw new CpralError('NOT_FOUND', `model "${modelId}" has no weights`);
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const { chunks } = await openObject(registry, weights, gone.signal);
      return reply
        .headers({
          'content-type': 'application/octet-stream',
          'content-length': String(weights.sizeBytes),
          'content-disposition': `attachment; filename="${modelId.replaceAll(NOT_IN_FILE_NAMES, '-')}.safetensors"`,
        })
        .send(bytes(Readable.from(chunks, { objectMode: false })));
    },
  );
};
