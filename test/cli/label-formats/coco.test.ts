import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Campaign, Cycle, Label } from '../../../proto/gen/cpral/v1/resources.ts';
import { cocoDocument } from '../../../services/cli/label-formats/coco.ts';
import { cocoRle } from '../../../services/cli/label-formats/coco-rle.ts';
import type { PixelLabel } from '../../../services/shared/labels/pixel-label.ts';
import { pythonWith } from '../../support/python.ts';

const CLASSES = ['road', 'sky', 'tree'].map((name) => ({ name, color: '#102030' }));
const OPTIONS = {
  campaign: Campaign.fromPartial({ campaignId: 'c', datasetId: 'd', config: { strategy: 'cpral', seed: 7 } }),
  classMap: { classes: CLASSES },
  cycles: [0, 1].map((cycle) => Cycle.fromPartial({ cycle, modelId: `model-${cycle}` })),
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cpral-coco-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Blobs, single pixels and void, made of a few multiplications. */
function label(seed: number, height: number, width: number): PixelLabel {
  const classes = Uint8Array.from({ length: height * width }, (_, i) => {
    const [y, x] = [Math.floor(i / width), i % width];
    const blob = (Math.floor(y / 7) * 5 + Math.floor(x / (4 + seed)) * 3 + seed) % 5;
    const speck = (i * 2_654_435_761 + seed) % 11 === 0;
    return blob > 2 ? 255 : speck ? (blob + 1) % 3 : blob;
  });
  const origins = classes.map((id, i) => (id === 255 ? 0 : 1 + ((i >> 5) % 4)));
  return { height, width, classes, origins };
}

it('pycocotools paints every label again, pixel for pixel, with its origins', async () => {
  const python = await pythonWith(['pycocotools']);
  const coco = cocoDocument(OPTIONS);
  const whole = { height: 3, width: 5, classes: new Uint8Array(15), origins: new Uint8Array(15).fill(2) };
  const nothing = { height: 4, width: 2, classes: new Uint8Array(8).fill(255), origins: new Uint8Array(8) };
  const labels = [label(1, 60, 80), label(2, 33, 47), label(3, 1, 200), label(4, 200, 1), whole, nothing];
  for (const [at, pixels] of labels.entries()) {
    coco.add(Label.fromPartial({ imageId: `image-${at}`, cycle: 1 }), pixels, `image-${at}.png`);
  }
  const file = path.join(folder, 'annotations.json');
  await writeFile(file, JSON.stringify(coco.document()));
  const painted = JSON.parse(await python(['test/cli/label-formats/read_coco.py', file]));
  expect(painted).toEqual(
    labels.map(({ classes, origins }, at) => ({
      name: `image-${at}.png`,
      classes: [...classes],
      origins: [...origins],
    })),
  );
});

it('says of each annotation who gave it, in which cycle, and which model asked', () => {
  const coco = cocoDocument(OPTIONS);
  const pixels = { height: 1, width: 3, classes: Uint8Array.of(2, 2, 255), origins: Uint8Array.of(2, 4, 2) };
  coco.add(Label.fromPartial({ imageId: 'train/a', cycle: 1 }), pixels, 'train/a.png');
  const { info, categories, annotations } = coco.document();
  expect(info.cpral).toEqual({ campaign: 'c', dataset: 'd', strategy: 'cpral', seed: 7, oracle_noise: 0 });
  expect(categories[2]).toEqual({ id: 3, name: 'tree', cpral: { color: '#102030' } });
  expect(annotations).toMatchObject([
    { category_id: 3, area: 1, cpral: { origin: 'oracle', annotator: 'simulated', cycle: 1, model: 'model-1' } },
    { category_id: 3, area: 1, cpral: { origin: 'extended', annotator: 'model', cycle: 1, model: 'model-1' } },
  ]);
});

it.each([
  ['nothing', [0, 0, 0, 0], '4'],
  ['everything', [1, 1, 1, 1], '04'],
  ['the first column', [1, 0, 1, 0], '022'],
])('run lengths of %s begin outside the mask and go down the columns', (_, mask, counts) => {
  expect(cocoRle(Uint8Array.from(mask), { height: 2, width: 2 })).toBe(counts);
});
