import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutExtension } from '../../services/label-tool/pictures/given-label.ts';
import { decodeImage, decodeMask, encodeMask, encodeRgb } from '../../services/shared/images/images.ts';
import { ORIGIN_EXTENDED, ORIGIN_HUMAN, ORIGIN_NOBODY } from '../../services/shared/labels/origins.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { startTestLabelTool, type TestLabelTool } from './support/label-tool.ts';

const SIZE = { height: 6, width: 8 };
let registry: TestRegistry;
let tool: TestLabelTool;

beforeAll(async () => {
  registry = await startTestRegistry();
  tool = await startTestLabelTool(registry.address);
});
afterAll(async () => {
  await tool.close();
  await registry.close();
});

/** @returns the digest as addresses have it */
const stored = async (bytes: Uint8Array) => (await registry.objects.put(bytes)).digest.replace('sha256/', '');
const fetched = async (route: string) => {
  const response = await tool.ask(route);
  expect(response.status).toBe(200);
  return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
};

describe('a picture', () => {
  it('is sent as it is stored, to be kept for ever', async () => {
    const png = await encodeRgb({ ...SIZE, data: new Uint8Array(6 * 8 * 3).fill(90) });
    const { response, bytes } = await fetched(`/pictures/${await stored(png)}`);
    expect(bytes).toEqual(png);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
  });

  it('larger than many chunks arrives whole', async () => {
    const data = new Uint8Array(randomBytes(1400 * 1400 * 3));
    const png = await sharp(data, { raw: { height: 1400, width: 1400, channels: 3 } })
      .png({ compressionLevel: 0 })
      .toBuffer();
    expect(png.length).toBeGreaterThan(4 << 20);
    const { bytes } = await fetched(`/pictures/${await stored(png)}`);
    expect(Buffer.compare(bytes, png)).toBe(0);
  });

  it('is known to whoever has its tag, without being read', async () => {
    const missing = 'a'.repeat(64);
    const response = await tool.ask(`/pictures/${missing}`, {
      headers: { 'if-none-match': `"other", W/"${missing}"` },
    });
    expect(response.status).toBe(304);
  });

  it('at another size has exactly that size', async () => {
    const digest = await stored(await encodeRgb({ ...SIZE, data: new Uint8Array(6 * 8 * 3).fill(90) }));
    const { response, bytes } = await fetched(`/pictures/${digest}?height=12&width=5`);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    const picture = await decodeImage(bytes);
    expect(picture).toMatchObject({ height: 12, width: 5 });
    expect(picture.data.every((value) => Math.abs(value - 90) <= 2)).toBe(true);
  });

  it.each([
    ['/pictures/nothing', 'digest'],
    ['/pictures/..%2f..%2fetc%2fpasswd', 'digest'],
    [`/pictures/${'A'.repeat(64)}`, 'digest'],
    [`/pictures/${'a'.repeat(64)}?height=10`, 'width'],
    [`/pictures/${'a'.repeat(64)}?height=0&width=10`, 'height'],
    [`/pictures/${'a'.repeat(64)}?height=5000&width=10`, 'height'],
    [`/pictures/${'a'.repeat(64)}?height=1e9&width=x`, 'height'],
    [`/labels/${'a'.repeat(64)}?given=b`, 'given'],
  ])('is refused: %s', async (route, field) => {
    expect(await tool.refusal(route)).toMatchObject({ status: 400, field });
  });

  it('that is not there is a problem that nobody keeps', async () => {
    const response = await tool.ask(`/pictures/${'a'.repeat(64)}`);
    expect(response.status).toBe(404);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('is none where the object is something else, such as weights or a page', async () => {
    for (const text of ['{"weights": 1}', '<html><script>alert(1)</script></html>', '\x89PNG']) {
      expect(await tool.refusal(`/pictures/${await stored(Buffer.from(text))}`)).toMatchObject({ status: 404 });
    }
  });

  it('that is cut off cannot be resized, and says so', async () => {
    const png = await encodeRgb({ height: 64, width: 64, data: new Uint8Array(randomBytes(64 * 64 * 3)) });
    const digest = await stored(png.subarray(0, png.length / 2));
    expect(await tool.refusal(`/pictures/${digest}?height=8&width=8`)).toMatchObject({ status: 400, field: 'digest' });
  });

  it('that names more pixels than an image may have is not decoded', async () => {
    const png = Buffer.from(await encodeRgb({ height: 1, width: 1, data: new Uint8Array(3) }));
    // Height and width of the header, and the header's checksum left wrong: no pixel is made in either case.
    png.writeUInt32BE(100_000, 16);
    png.writeUInt32BE(100_000, 20);
    expect(await tool.refusal(`/pictures/${await stored(png)}?height=8&width=8`)).toMatchObject({ status: 400 });
  });
});

describe('a label', () => {
  const classes = new Uint8Array(6 * 8).map((_, at) => (at % 5 === 0 ? 255 : at % 3));
  const origins = new Uint8Array(6 * 8).map((_, at) => (at % 2 === 0 ? ORIGIN_EXTENDED : ORIGIN_HUMAN));

  it('is 8-bit grey of class ids, whole or as it was given', async () => {
    const digest = await stored(await encodeMask({ ...SIZE, data: classes }));
    const given = await stored(await encodeMask({ ...SIZE, data: origins }));
    expect((await decodeMask((await fetched(`/labels/${digest}`)).bytes)).data).toEqual(classes);
    const alone = await decodeMask((await fetched(`/labels/${digest}?given=${given}`)).bytes);
    expect([...alone.data]).toEqual([...classes].map((id, at) => (at % 2 === 0 ? 255 : id)));
  });

  it('loses what the extension added, and nothing else', () => {
    const ids = Uint8Array.of(0, 1, 2, 255);
    expect(withoutExtension(ids, Uint8Array.of(ORIGIN_HUMAN, ORIGIN_EXTENDED, ORIGIN_EXTENDED, ORIGIN_NOBODY))).toEqual(
      Uint8Array.of(0, 255, 255, 255),
    );
  });

  it('is refused with origins of another size', async () => {
    const digest = await stored(await encodeMask({ ...SIZE, data: classes }));
    const given = await stored(await encodeMask({ height: 1, width: 48, data: origins }));
    expect(await tool.refusal(`/labels/${digest}?given=${given}`)).toMatchObject({ status: 400, field: 'given' });
  });

  it('is none where the object is no mask', async () => {
    const digest = await stored(await encodeRgb({ ...SIZE, data: new Uint8Array(6 * 8 * 3) }));
    expect(await tool.refusal(`/labels/${digest}`)).toMatchObject({ status: 400 });
  });
});
