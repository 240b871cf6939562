import fc from 'fast-check';
import { decode, encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../../../services/label-tool/page/geometry/fingerprint.ts';
import { nextHole } from '../../../../services/label-tool/page/geometry/holes.ts';
import { applyDelta, diffMasks } from '../../../../services/label-tool/page/geometry/mask-delta.ts';
import { decodeMask, encodeMask } from '../../../../services/label-tool/page/geometry/mask-png.ts';

const SIZE = { height: 4, width: 6 };
const masks = fc.uint8Array({ minLength: 24, maxLength: 24 });

describe('a mask as PNG', () => {
  it('comes back as it went, value by value', () => {
    fc.assert(
      fc.property(masks, (mask) => {
        expect(decodeMask(encodeMask(mask, SIZE), SIZE)).toEqual(mask);
      }),
    );
  });

  it('is 8-bit grey for everybody', () => {
    const { channels, depth, data, palette } = decode(
      encodeMask(Uint8Array.of(0, 254, 255, 7), { height: 2, width: 2 }),
    );
    expect({ channels, depth, data: [...data], palette }).toEqual({
      channels: 1,
      depth: 8,
      data: [0, 254, 255, 7],
      palette: undefined,
    });
  });

  it('of another size is refused', () => {
    expect(() => decodeMask(encodeMask(new Uint8Array(24), SIZE), { height: 6, width: 4 })).toThrow(
      'expected a mask of 6x4, got 4x6',
    );
  });

  it('of colours is refused', () => {
    const png = encode({ data: new Uint8Array(72), height: 4, width: 6, channels: 3, depth: 8 });
    expect(() => decodeMask(png, SIZE)).toThrow('expected an 8-bit grey PNG, got 3 channels of 8 bits');
  });
});

describe('a fingerprint', () => {
  it('is equal for equal masks, and another where one pixel is', () => {
    fc.assert(
      fc.property(masks, fc.nat(23), fc.integer({ min: 1, max: 255 }), (mask, at, by) => {
        const other = mask.slice();
        expect(fingerprint(other)).toBe(fingerprint(mask));
        other[at] = (other[at]! + by) % 256;
        expect(fingerprint(other)).not.toBe(fingerprint(mask));
      }),
    );
  });
});

describe('a delta', () => {
  const whole = { top: 0, left: 0, ...SIZE };

  it('leads from one mask to the other and back', () => {
    fc.assert(
      fc.property(masks, masks, (before, after) => {
        const delta = diffMasks(before, after, SIZE, whole);
        const moving = before.slice();
        if (delta) applyDelta(moving, delta, 'after');
        expect(moving).toEqual(after);
        if (delta) applyDelta(moving, delta, 'before');
        expect(moving).toEqual(before);
      }),
    );
  });

  it('takes one run a row of a shape, not one a pixel', () => {
    const after = new Uint8Array(24);
    after.fill(3, 6, 18);
    expect(diffMasks(new Uint8Array(24), after, SIZE, whole)).toMatchObject({
      starts: { length: 2 },
      lengths: { 0: 6, 1: 6 },
    });
  });

  it('sees nothing outside of its rectangle, and is none where nothing changed', () => {
    const after = new Uint8Array(24);
    after[23] = 1;
    expect(diffMasks(new Uint8Array(24), after, SIZE, { top: 0, left: 0, height: 3, width: 6 })).toBeUndefined();
  });
});

describe('the next hole', () => {
  const mask = new Uint8Array(24);
  mask.fill(255, 7, 10);
  mask[23] = 255;

  it('is the next in reading order, at a pixel near its middle', () => {
    expect(nextHole(mask, SIZE, { x: 0, y: 0 })).toEqual({ at: { x: 2.5, y: 1.5 }, pixels: 3 });
  });

  it('is another one than that around the cursor', () => {
    expect(nextHole(mask, SIZE, { x: 2.5, y: 1.5 })).toEqual({ at: { x: 5.5, y: 3.5 }, pixels: 1 });
  });

  it('after the last is the first', () => {
    expect(nextHole(mask, SIZE, { x: 5.5, y: 3.5 })?.at).toEqual({ x: 2.5, y: 1.5 });
  });

  it('of one alone is that one, and of none is none', () => {
    const single = new Uint8Array(24);
    single[3] = 255;
    expect(nextHole(single, SIZE, { x: 3.5, y: 0.5 })).toEqual({ at: { x: 3.5, y: 0.5 }, pixels: 1 });
    expect(nextHole(new Uint8Array(24), SIZE, { x: 0, y: 0 })).toBeUndefined();
  });
});
