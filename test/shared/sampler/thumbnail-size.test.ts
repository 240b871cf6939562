import { describe, expect, it } from 'vitest';
import { thumbnailSize } from '../../../services/shared/sampler/thumbnail-size.ts';

describe('the size of a thumbnail', () => {
  it.each([
    ['Cityscapes', { height: 512, width: 1024 }, { height: 32, width: 64 }],
    ['BDD100K', { height: 720, width: 1280 }, { height: 32, width: 64 }],
    ['CamVid', { height: 180, width: 240 }, { height: 48, width: 64 }],
    ['a square', { height: 500, width: 500 }, { height: 64, width: 64 }],
    ['a tower', { height: 300, width: 100 }, { height: 64, width: 16 }],
    ['a ribbon', { height: 1, width: 1000 }, { height: 16, width: 64 }],
  ])('has nearly the shape of %s, in sides that can be halved four times', (_, size, expected) => {
    expect(thumbnailSize(size)).toEqual(expected);
  });
});
