// Datasets: those that there are, and importing one from files that a browser has.
import type { MultipartFile } from '@fastify/multipart';
import { Type } from 'typebox';
import { CpralError, invalid } from '../../shared/errors.ts';
import { ask } from '../registry/registry.ts';
import { DatasetList } from '../schemas/form-schemas.ts';
import { ImportRequest, ImportStatus } from '../schemas/import-schemas.ts';
import { eventStream } from '../server/event-stream.ts';
import { bytes, EVENT_STREAM, Id, PageToken, REFUSALS, type Routes } from '../server/routes.ts';
import { readDatasetView } from '../views/dataset-view.ts';

const DATASETS_PER_PAGE = 50;
/** Of one part: an archive may hold the whole dataset. The import's own limit is over all of them. */
const MULTIPART_LIMITS = { fileSize: 64 * 2 ** 30, files: 10_000, fields: 0, headerPairs: 20 };
const ImportParams = Type.Object({ importId: Id('of the import') });

export const importRoutes: Routes = (server, { registry, imports, stopping }) => {
  const { pool } = registry;

  server.get(
    '/datasets',
    {
      schema: {
        summary: 'Datasets, newest first',
        querystring: Type.Object({ pageToken: PageToken }),
        response: { 200: DatasetList, ...REFUSALS },
      },
    },
    async ({ query: { pageToken = '' } }) => {
      const { datasets, nextPageToken } = await ask(pool, pool.listDatasets, {
        pageSize: DATASETS_PER_PAGE,
        pageToken,
      });
      return {
        datasets: await Promise.all(datasets.map((dataset) => readDatasetView(registry, dataset))),
        nextPageToken,
      };
    },
  );

  server.post(
    '/imports',
    { schema: { summary: 'Begins an import', body: ImportRequest, response: { 201: ImportStatus, ...REFUSALS } } },
    async ({ body }, reply) => {
      const status = await imports.begin(body);
      return reply.code(201).header('location', `imports/${status.importId}`).send(status);
    },
  );

  server.post(
    '/imports/:importId/files',
    {
      schema: {
        summary: 'Files of an import, or archives of them, as multipart/form-data',
        description: 'The file name of a part is its path in the dataset, or ends with .zip, .tar, .tar.gz or .tgz.',
        consumes: ['multipart/form-data'],
        params: ImportParams,
        response: { 200: ImportStatus, ...REFUSALS },
      },
    },
    async (request) => {
      if (!request.isMultipart()) {
        throw invalid('content-type: expected multipart/form-data', {
          field: 'content-type',
          reason: 'UNSUPPORTED_CONTENT',
        });
      }
      return imports.receive(request.params.importId, filesOf(request.files({ limits: MULTIPART_LIMITS })));
    },
  );

  server.post(
    '/imports/:importId/start',
    {
      schema: {
        summary: 'No more files come: checks all of them and imports them',
        params: ImportParams,
        body: Type.Object({}, { additionalProperties: false }),
        response: { 202: ImportStatus, ...REFUSALS },
      },
    },
    async ({ params: { importId } }, reply) => reply.code(202).send(imports.start(importId)),
  );

  server.get(
    '/imports/:importId',
    {
      schema: {
        summary: 'How far an import has come',
        params: ImportParams,
        response: { 200: ImportStatus, ...REFUSALS },
      },
    },
    async ({ params: { importId } }) => imports.get(importId),
  );

  server.get(
    '/imports/:importId/events',
    {
      schema: {
        summary: 'An import, live: events `import`, until it has ended',
        params: ImportParams,
        response: { 200: EVENT_STREAM, ...REFUSALS },
      },
    },
    async ({ params: { importId } }, reply) =>
      reply.send(bytes(eventStream(reply, imports.events(importId), { stopping }))),
  );

  server.delete(
    '/imports/:importId',
    {
      schema: {
        summary: 'Cancels an import and deletes what was received',
        params: ImportParams,
        response: { 204: Type.Null(), ...REFUSALS },
      },
    },
    async ({ params: { importId } }, reply) => {
      await imports.cancel(importId);
      return reply.code(204).send(null);
    },
  );
};

async function* filesOf(parts: AsyncIterable<MultipartFile>) {
  for await (const { filename, file } of parts) {
    yield { name: filename, content: file };
    if (file.truncated)
      throw new CpralError('INVALID_ARGUMENT', `file ${filename.slice(0, 100)}: larger than allowed`, {
        field: 'file',
        reason: 'TOO_LARGE',
      });
  }
}
