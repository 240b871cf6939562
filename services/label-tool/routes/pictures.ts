// Pictures by the digest of what they show: they never change, so browsers keep them, and who has one is told so without the store.
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import sharp from 'sharp';
import { Type } from 'typebox';
import { CpralError, invalid } from '../../shared/errors.ts';
import { decodeImage, encodeMask, MAX_IMAGE_PIXELS } from '../../shared/images/images.ts';
import { refOf } from '../pictures/addresses.ts';
import { fewAtOnce } from '../pictures/few-at-once.ts';
import { labelPicture } from '../pictures/given-label.ts';
import { openObject, readObject } from '../pictures/object-stream.ts';
import { pictureType } from '../pictures/picture-type.ts';
import { quoted } from '../server/etags.ts';
import { bytes, REFUSALS, type Routes } from '../server/routes.ts';

const MAX_SIDE_PX = 4_096;
const DECODED_AT_ONCE = 4;
/** Whoever labels sees no difference from the original; a lossless picture would be five times the bytes. */
const JPEG = { quality: 95, chromaSubsampling: '4:4:4' } as const;
const FOR_EVER = 'private, max-age=31536000, immutable';

const Digest = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 in hexadecimal' });
const Side = Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_SIDE_PX }));
const PICTURE = {
  description: 'The picture',
  content: { 'image/png': { schema: Type.String() }, 'image/jpeg': { schema: Type.String() } },
};
const UNCHANGED = Type.Null({ description: 'The client has it' });

export const pictureRoutes: Routes = (server, { registry }) => {
  const decoding = fewAtOnce(DECODED_AT_ONCE);

  server.get(
    '/pictures/:digest',
    {
      schema: {
        summary: 'A picture as it is stored, or at a size',
        params: Type.Object({ digest: Digest }),
        querystring: Type.Object({ height: Side, width: Side }),
        response: { 200: PICTURE, 304: UNCHANGED, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { digest } = request.params;
      const { height, width } = request.query;
      if ((height === undefined) !== (width === undefined)) {
        throw invalid('height, width: expected both or none, got one', {
          field: height === undefined ? 'height' : 'width',
        });
      }
      if (isKnown(request, reply, height === undefined ? digest : `${digest}-${height}x${width}`))
        return reply.code(304).send(null);
      const { first, chunks } = await openObject(registry, refOf(digest), gone(reply));
      const type = pictureType(first);
      if (type === undefined) {
        await chunks.return(undefined);
        throw new CpralError('NOT_FOUND', `object ${digest} is no picture`, { field: 'digest' });
      }
      const file = Readable.from(chunks, { objectMode: false });
      if (height === undefined || width === undefined) return reply.type(type).send(bytes(file));
      const resized = await decoding(() => resize(file, { height, width }));
      return reply.type('image/jpeg').send(bytes(resized));
    },
  );

  server.get(
    '/maps/:digest',
    {
      schema: {
        summary: 'A map of one value a pixel, such as entropy, as 8-bit grey PNG at a size',
        params: Type.Object({ digest: Digest }),
        querystring: Type.Object({
          height: Type.Integer({ minimum: 1, maximum: MAX_SIDE_PX }),
          width: Type.Integer({ minimum: 1, maximum: MAX_SIDE_PX }),
        }),
        response: { 200: PICTURE, 304: UNCHANGED, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { digest } = request.params;
      const { height, width } = request.query;
      if (isKnown(request, reply, `${digest}-map-${height}x${width}`)) return reply.code(304).send(null);
      const signal = gone(reply);
      const picture = await decoding(async () => {
        const { data } = await decodeImage(await readObject(registry, refOf(digest), signal), { height, width });
        // A grey picture has the same value in all three channels.
        return encodeMask({ height, width, data: data.filter((_, at) => at % 3 === 0) });
      });
      return reply.type('image/png').send(bytes(Buffer.from(picture)));
    },
  );

  server.get(
    '/labels/:digest',
    {
      schema: {
        summary: 'A label as 8-bit grey PNG of class ids, 255 is none',
        params: Type.Object({ digest: Digest }),
        querystring: Type.Object({
          given: Type.Optional(
            Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Of the origins: only what somebody gave' }),
          ),
        }),
        response: { 200: PICTURE, 304: UNCHANGED, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { digest } = request.params;
      const { given } = request.query;
      if (isKnown(request, reply, given ? `${digest}-${given}` : digest)) return reply.code(304).send(null);
      const signal = gone(reply);
      const picture = await decoding(async () => {
        const classes = await readObject(registry, refOf(digest), signal);
        return labelPicture(
          classes,
          given === undefined ? undefined : await readObject(registry, refOf(given), signal),
        );
      });
      return reply.type('image/png').send(bytes(Buffer.from(picture)));
    },
  );
};

/** As the model sees it: scaled to exactly that, by the filter of services/shared/images. */
async function resize(file: Readable, { height, width }: { height: number; width: number }): Promise<Buffer> {
  const picture = sharp({ failOn: 'warning', limitInputPixels: MAX_IMAGE_PIXELS, autoOrient: true });
  file.once('error', (error) => picture.destroy(error));
  return file
    .pipe(picture)
    .resize(width, height, { fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false })
    .removeAlpha()
    .toColourspace('srgb')
    .jpeg(JPEG)
    .toBuffer()
    .catch((cause: Error) => {
      if (cause instanceof CpralError) throw cause;
      throw invalid('picture: expected a whole PNG or JPEG, got truncated, corrupt or too large data', {
        field: 'digest',
        cause,
      });
    });
}

/** Sets what caches need. @returns whether the client has it already */
function isKnown({ headers }: FastifyRequest, reply: FastifyReply, tag: string): boolean {
  reply.header('etag', quoted(tag)).header('cache-control', FOR_EVER);
  return (
    headers['if-none-match']?.split(',').some((known) => known.trim().replace(/^W\//, '') === quoted(tag)) ?? false
  );
}

function gone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => controller.abort());
  return controller.signal;
}
