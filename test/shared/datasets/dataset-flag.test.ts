import { describe, expect, test } from 'vitest';
import { formatRecipe, parseDatasetFlag, SYNTHETIC_DEFAULTS } from '../../../services/shared/datasets/dataset-flag.ts';

describe('the dataset flag', () => {
  test.each([
    ['camvid:/data/camvid', { format: 'camvid', folder: '/data/camvid' }],
    ['masks:.', { format: 'masks', folder: '.' }],
    ['cityscapes:a:b', { format: 'cityscapes', folder: 'a:b' }],
    ['bdd100k:C:\\bdd', { format: 'bdd100k', folder: 'C:\\bdd' }],
    ['synthetic', { format: 'synthetic', options: SYNTHETIC_DEFAULTS }],
    ['synthetic:', { format: 'synthetic', options: SYNTHETIC_DEFAULTS }],
    ['synthetic:val=3', { format: 'synthetic', options: { ...SYNTHETIC_DEFAULTS, val: 3 } }],
    [
      'synthetic:seed=7,size=64x80,val=2,train=5',
      { format: 'synthetic', options: { train: 5, val: 2, height: 64, width: 80, seed: 7 } },
    ],
  ])('%s is read', (flag, parsed) => {
    expect(parseDatasetFlag(flag)).toEqual(parsed);
  });

  test('a recipe names every option and reads back', () => {
    const options = { train: 5, val: 2, height: 64, width: 80, seed: 7 };
    expect(parseDatasetFlag(formatRecipe(options))).toEqual({ format: 'synthetic', options });
  });

  const FORMATS = 'FORMAT:PATH with a format of synthetic, camvid, masks, cityscapes, bdd100k';
  test.each([
    ['', `expected ${FORMATS}, got ""`],
    ['coco:/x', `expected ${FORMATS}, got "coco"`],
    ['/data/camvid', `expected ${FORMATS}, got "/data/camvid"`],
    ['CamVid:/x', `expected ${FORMATS}, got "CamVid"`],
    ['camvid', 'expected camvid:PATH, got no path'],
    ['masks:', 'expected masks:PATH, got no path'],
    ['synthetic:images=3', 'expected options of train, val, size, seed, got "images"'],
    ['synthetic:train', 'expected train of 1 to 10000, got ""'],
    ['synthetic:train=0', 'expected train of 1 to 10000, got "0"'],
    ['synthetic:train=-1', 'expected train of 1 to 10000, got "-1"'],
    ['synthetic:train=2.5', 'expected train of 1 to 10000, got "2.5"'],
    ['synthetic:val=10001', 'expected val of 1 to 10000, got "10001"'],
    ['synthetic:seed=4294967296', 'expected seed of 0 to 4294967295, got "4294967296"'],
    ['synthetic:size=96', 'expected size=HEIGHTxWIDTH, got "96"'],
    ['synthetic:size=8x128', 'expected a height of 32 to 1024, got "8"'],
    ['synthetic:size=96x2000', 'expected a width of 32 to 1024, got "2000"'],
    ['synthetic:train=3,train=4', 'expected train once, got it twice'],
    ['synthetic:train=3,,val=4', 'expected options of train, val, size, seed, got ""'],
  ])('%s is refused', (flag, sentence) => {
    expect(() => parseDatasetFlag(flag)).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        field: 'dataset',
        message: `--dataset ${flag}: ${sentence}`,
      }),
    );
  });
});
