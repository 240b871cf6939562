import { encode } from 'fast-png';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodeImage, decodeMask, encodeMask, encodeRgb, readHeader } from '../../../services/shared/images/images.ts';
import { readPng, writePng } from '../../../services/shared/images/png-chunks.ts';

/** Two rows of three: red, green, blue; black, grey, white. */
const RGB = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 128, 128, 128, 255, 255, 255);
const IMAGE = { height: 2, width: 3, data: RGB };
const IDS = { height: 2, width: 3, data: Uint8Array.of(0, 1, 2, 11, 254, 255) };

const raw = (data: Uint8Array | Uint16Array, channels: 1 | 2 | 3 | 4, width: number, height: number) =>
  sharp(data, { raw: { width, height, channels } });
const noise = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 2654435761) >>> 24);
const refusal = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => expect.fail('was accepted'),
    (cause: unknown) => cause,
  );
  expect(error).toMatchObject({ name: 'CpralError', code: 'INVALID_ARGUMENT' });
  return (error as Error).message;
};

describe('pictures', () => {
  test('come back from PNG as they went in', async () => {
    expect(await decodeImage(await encodeRgb(IMAGE))).toEqual(IMAGE);
  });

  test('of equal pixels have equal bytes', async () => {
    expect(await encodeRgb(IMAGE)).toEqual(await encodeRgb({ ...IMAGE, data: Uint8Array.from(RGB) }));
  });

  test('of 16 bits keep their upper 8', async () => {
    const data = Uint16Array.from(RGB, (value) => value * 257);
    expect(await decodeImage(encode({ width: 3, height: 2, data, channels: 3, depth: 16 }))).toEqual(IMAGE);
  });

  test('of grey repeat it in red, green and blue', async () => {
    const { data } = await decodeImage(encode({ width: 2, height: 1, data: Uint8Array.of(7, 200), channels: 1 }));
    expect([...data]).toEqual([7, 7, 7, 200, 200, 200]);
  });

  test('of 16-bit grey become 8-bit grey', async () => {
    const grey = encode({ width: 2, height: 1, data: Uint16Array.of(7 * 257, 200 * 257), channels: 1, depth: 16 });
    expect([...(await decodeImage(grey)).data]).toEqual([7, 7, 7, 200, 200, 200]);
  });

  test('of a palette show its colours', async () => {
    const palette = [
      [1, 2, 3],
      [250, 20, 30],
    ];
    const png = encode({ width: 2, height: 1, data: Uint8Array.of(1, 0), channels: 1, palette });
    expect([...(await decodeImage(png)).data]).toEqual([250, 20, 30, 1, 2, 3]);
  });

  test('with alpha keep the colour that is stored', async () => {
    const png = encode({ width: 2, height: 1, data: Uint8Array.of(9, 8, 7, 0, 6, 5, 4, 128), channels: 4 });
    expect([...(await decodeImage(png)).data]).toEqual([9, 8, 7, 6, 5, 4]);
  });

  test('of a CMYK JPEG become RGB of the right hue', async () => {
    const red = raw(
      new Uint8Array(8 * 8 * 3).map((_, i) => (i % 3 === 0 ? 255 : 0)),
      3,
      8,
      8,
    );
    const jpeg = await red.toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(jpeg).metadata()).channels).toBe(4);
    const { data } = await decodeImage(jpeg);
    expect(data).toHaveLength(8 * 8 * 3);
    expect(data[0]).toBeGreaterThan(200);
    expect(Math.max(data[1]!, data[2]!)).toBeLessThan(60);
  });

  test('are turned as EXIF says, in the header as in the pixels', async () => {
    const turned = await raw(RGB, 3, 3, 2).withMetadata({ orientation: 6 }).png().toBuffer();
    expect(await readHeader(turned)).toEqual({ format: 'png', height: 3, width: 2 });
    const { height, width, data } = await decodeImage(turned);
    expect([height, width]).toEqual([3, 2]);
    // A quarter turn clockwise: the lower left corner comes to the upper left.
    expect([...data.subarray(0, 6)]).toEqual([0, 0, 0, 255, 0, 0]);
  });

  test('that are scaled have exactly the size asked for, whatever the sides', async () => {
    const jpeg = await raw(noise(90 * 70 * 3), 3, 90, 70)
      .jpeg()
      .toBuffer();
    const { height, width, data } = await decodeImage(jpeg, { height: 33, width: 17 });
    expect([height, width, data.length]).toEqual([33, 17, 33 * 17 * 3]);
  });

  test('that are halved average over more than one pixel', async () => {
    const stripes = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => (Math.floor(i / 3) % 2 === 0 ? 0 : 255));
    const { data } = await decodeImage(await encodeRgb({ height: 8, width: 8, data: stripes }), {
      height: 4,
      width: 4,
    });
    for (const value of data) expect(Math.abs(value - 127.5)).toBeLessThan(64);
  });

  test('that are constant stay so when they are scaled up', async () => {
    const flat = { height: 3, width: 5, data: new Uint8Array(45).fill(77) };
    expect(new Set((await decodeImage(await encodeRgb(flat), { height: 7, width: 11 })).data)).toEqual(new Set([77]));
  });
});

describe('masks', () => {
  test('come back as they went in', async () => {
    expect(await decodeMask(await encodeMask(IDS))).toEqual(IDS);
  });

  test('are written as 8-bit grey and nothing else', async () => {
    expect(readPng(await encodeMask(IDS))).toMatchObject({ bitDepth: 8, colorType: 'grey', height: 2, width: 3 });
  });

  test('with a palette give its indices, not its colours', async () => {
    const palette = Array.from({ length: 256 }, (_, i) => [(i * 7) % 256, (i * 13) % 256, 255 - i]);
    const png = encode({ width: 3, height: 2, data: IDS.data, channels: 1, palette });
    expect(await decodeMask(png)).toEqual(IDS);
  });

  test('with a palette of 1, 2 or 4 bits give its indices', async () => {
    for (const [depth, packed, ids] of [
      [1, 0b10100000, [1, 0, 1]],
      [2, 0b11100100, [3, 2, 1, 0]],
      [4, 0x9f, [9, 15]],
    ] as const) {
      const palette = Array.from({ length: 2 ** depth }, (_, i) => [i, 255 - i, 0]);
      const png = encode({ width: ids.length, height: 1, data: Uint8Array.of(packed), channels: 1, depth, palette });
      expect([...(await decodeMask(png)).data], `${depth} bits`).toEqual(ids);
    }
  });

  test('ignore a palette colour that is transparent', async () => {
    const palette = [
      [0, 0, 0, 0],
      [9, 9, 9, 255],
    ];
    const png = encode({ width: 2, height: 1, data: Uint8Array.of(1, 0), channels: 1, palette });
    expect([...(await decodeMask(png)).data]).toEqual([1, 0]);
  });

  test('ignore a colour profile and a gamma', async () => {
    const { chunks } = readPng(await encodeMask(IDS));
    const gamma = { type: 'gAMA', data: Uint8Array.of(0, 0, 0x20, 0) };
    expect(await decodeMask(writePng([chunks[0]!, gamma, ...chunks.slice(1)]))).toEqual(IDS);
  });

  test('are scaled by the nearest pixel centre', async () => {
    const row = { height: 1, width: 5, data: Uint8Array.of(10, 20, 30, 40, 50) };
    const png = await encodeMask(row);
    // Centres 5/6, 15/6, 25/6 of the five lie in pixels 0, 2 and 4.
    expect([...(await decodeMask(png, { height: 1, width: 3 })).data]).toEqual([10, 30, 50]);
    expect([...(await decodeMask(png, { height: 2, width: 10 })).data]).toEqual(
      Array.from({ length: 20 }, (_, i) => 10 + 10 * Math.floor((i % 10) / 2)),
    );
  });

  test('never gain an id that was not there when they are scaled', async () => {
    const mask = { height: 37, width: 53, data: noise(37 * 53).map((value) => (value % 2 === 0 ? 3 : 200)) };
    const { data } = await decodeMask(await encodeMask(mask), { height: 20, width: 91 });
    expect(new Set(data)).toEqual(new Set([3, 200]));
  });

  test.each<[string, () => Uint8Array | Promise<Uint8Array>]>([
    ['16-bit grey', () => encode({ width: 1, height: 1, data: Uint16Array.of(3), channels: 1, depth: 16 })],
    ['8-bit RGB', () => encodeRgb(IMAGE)],
    ['8-bit RGB with alpha', () => encode({ width: 1, height: 1, data: new Uint8Array(4), channels: 4 })],
    ['8-bit grey with alpha', () => encode({ width: 1, height: 1, data: new Uint8Array(2), channels: 2 })],
    ['1-bit grey', () => encode({ width: 8, height: 1, data: new Uint8Array(1), channels: 1, depth: 1 })],
    ['a JPEG', () => raw(RGB, 3, 3, 2).jpeg().toBuffer()],
  ])('as %s are refused by that name', async (name, make) => {
    expect(await refusal(decodeMask(await make()))).toBe(`expected a mask as 8-bit grey or palette PNG, got ${name}`);
  });
});

describe('refused before decoding', () => {
  const claim = async (width: number, height: number) => {
    const { chunks } = readPng(await encodeMask(IDS));
    const header = Uint8Array.from(chunks[0]!.data);
    new DataView(header.buffer).setUint32(0, width);
    new DataView(header.buffer).setUint32(4, height);
    return writePng([{ type: 'IHDR', data: header }, ...chunks.slice(1)]);
  };

  test.each([
    ['a side beyond the limit', 16_385, 1],
    ['more pixels than the limit', 16_384, 16_384],
    ['more pixels than a library allows', 0x7fffffff, 0x7fffffff],
    ['no pixels', 0, 7],
  ])('a PNG that claims %s', async (_, width, height) => {
    const sentence = `expected an image of at most 16384 pixels a side and 67108864 in all, got ${height}x${width}`;
    const png = await claim(width, height);
    expect(await refusal(readHeader(png))).toBe(sentence);
    expect(await refusal(decodeImage(png))).toBe(sentence);
    expect(await refusal(decodeMask(png))).toBe(sentence);
  });

  test('a JPEG that claims more pixels than the limit', async () => {
    const jpeg = await raw(RGB, 3, 3, 2).jpeg().toBuffer();
    const frame = jpeg.indexOf(Buffer.of(0xff, 0xc0));
    jpeg.writeUInt16BE(60_000, frame + 5);
    jpeg.writeUInt16BE(50_000, frame + 7);
    expect(await refusal(decodeImage(jpeg))).toContain('got 60000x50000');
  });

  test('an animated PNG', async () => {
    const { chunks } = readPng(await encodeRgb(IMAGE));
    const frames = { type: 'acTL', data: Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0) };
    const png = writePng([chunks[0]!, frames, ...chunks.slice(1)]);
    expect(await refusal(decodeImage(png))).toBe('expected a single picture, got an animated PNG');
  });

  test.each([
    ['an empty file', new Uint8Array(0), 'got no bytes'],
    ['text', Buffer.from('hello, world'), 'got 12 bytes that begin with 68656c6c6f2c2077'],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'that begin with 3c73766720786d6c'],
    ['a GIF', Buffer.from('R0lGODlhAQABAAAAACw=', 'base64'), 'got 14 bytes that begin with 474946383961'],
  ])('%s', async (_, bytes, sentence) => {
    expect(await refusal(readHeader(bytes))).toMatch(/^expected a PNG or JPEG image, got /);
    expect(await refusal(readHeader(bytes))).toContain(sentence);
  });
});

describe('damaged files', () => {
  const picture = { height: 40, width: 50, data: noise(40 * 50 * 3) };
  const jpegOf = () => raw(picture.data, 3, 50, 40).jpeg({ quality: 95 }).toBuffer();

  test('a PNG cut at any place is refused', async () => {
    const png = await encodeRgb({ height: 4, width: 5, data: noise(60) });
    for (let length = 0; length < png.length; length++) {
      expect(await refusal(decodeImage(png.subarray(0, length)))).toMatch(/truncated|expected a PNG or JPEG/);
    }
  });

  test('a PNG with any one bit turned is refused', async () => {
    const png = await encodeMask({ height: 4, width: 5, data: noise(20) });
    for (let i = 0; i < png.length; i++) {
      const damaged = Uint8Array.from(png);
      damaged[i]! ^= 1 << (i % 8);
      await refusal(decodeMask(damaged));
    }
  });

  test('a PNG whose pixels end early though its chunks are whole is refused', async () => {
    for (const [encoder, decoder, channels] of [
      [encodeRgb, decodeImage, 3],
      [encodeMask, decodeMask, 1],
    ] as const) {
      const png = await encoder({ height: 40, width: 50, data: noise(40 * 50 * channels) });
      const chunks = readPng(png).chunks.map((chunk) =>
        chunk.type === 'IDAT' ? { ...chunk, data: chunk.data.subarray(0, chunk.data.length / 2) } : chunk,
      );
      expect(await refusal(decoder(writePng(chunks)))).toMatch(/of 40x50, got truncated or corrupt data$/);
    }
  });

  test('a JPEG cut in its header or its pixels is refused', async () => {
    const jpeg = await jpegOf();
    for (const share of [0.01, 0.2, 0.5, 0.9, 0.99]) {
      await refusal(decodeImage(jpeg.subarray(0, Math.floor(jpeg.length * share))));
    }
  });

  test('a JPEG with a piece of its pixels overwritten is refused', async () => {
    const jpeg = await jpegOf();
    jpeg.fill(0xff, jpeg.length / 2, jpeg.length / 2 + 64);
    expect(await refusal(decodeImage(jpeg))).toBe(
      'expected a whole JPEG image of 40x50, got truncated or corrupt data',
    );
  });
});
