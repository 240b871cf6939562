// The page: static files that Vite built. What has a digest in its name is kept for ever, the rest is asked for each time.
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { ToolServer } from './routes.ts';

export const PAGE_FOLDER = path.resolve(import.meta.dirname, '../page/dist');
const WITH_DIGEST = `${path.sep}assets${path.sep}`;

export async function addPageFiles(server: ToolServer, folder = PAGE_FOLDER): Promise<void> {
  await server.register(fastifyStatic, {
    root: folder,
    extensions: ['html'],
    cacheControl: false,
    setHeaders(reply, file) {
      const forEver = file.includes(WITH_DIGEST);
      reply.header('cache-control', forEver ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
