// A dataset of a few coloured stripes, in memory or as a folder of masks.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DatasetSource, SourceImage, Split } from '../../../services/shared/datasets/dataset-source.ts';
import { encodeMask, encodeRgb } from '../../../services/shared/images/images.ts';

const HEIGHT = 24;
const WIDTH = 32;
const CLASS_COUNT = 3;

export async function tinySource({
  train = 3,
  val = 1,
}: {
  train?: number;
  val?: number;
} = {}): Promise<DatasetSource> {
  const image = async (split: Split, at: number): Promise<SourceImage> => ({
    imageId: `${split}/tiny_${String(at).padStart(3, '0')}`,
    split,
    place: `tiny picture ${at}`,
    size: { height: HEIGHT, width: WIDTH },
    read: () => tinyPair(at),
  });
  return {
    displayName: 'tiny',
    classMap: {
      classes: [
        { name: 'road', color: '#804080' },
        { name: 'sky', color: '#4682b4' },
        { name: 'tree', color: '#6b8e23' },
      ],
    },
    images: [
      ...(await Promise.all(Array.from({ length: train }, (_, at) => image('train', at)))),
      ...(await Promise.all(Array.from({ length: val }, (_, at) => image('val', train + at)))),
    ],
  };
}

async function tinyPair(seed: number) {
  const rgb = new Uint8Array(HEIGHT * WIDTH * 3);
  const mask = new Uint8Array(HEIGHT * WIDTH);
  for (let pixel = 0; pixel < mask.length; pixel++) {
    const stripe = Math.floor(((pixel % WIDTH) + seed * 3) / 6);
    mask[pixel] = stripe % 7 === 6 ? 255 : stripe % CLASS_COUNT;
    rgb.set([40 + 70 * (stripe % CLASS_COUNT), 90, 30 * (seed % 8)], pixel * 3);
  }
  return {
    image: await encodeRgb({ height: HEIGHT, width: WIDTH, data: rgb }),
    groundTruth: await encodeMask({ height: HEIGHT, width: WIDTH, data: mask }),
  };
}

/** The layout of CamVid: train and val, images and labels. */
export async function writeTinyFolder(folder: string, counts: { train: number; val: number }): Promise<void> {
  for (const { imageId, split, read } of (await tinySource(counts)).images) {
    const { image, groundTruth } = await read();
    for (const [kind, bytes] of [
      ['images', image],
      ['labels', groundTruth],
    ] as const) {
      await mkdir(path.join(folder, split, kind), { recursive: true });
      await writeFile(path.join(folder, split, kind, `${path.basename(imageId)}.png`), bytes);
    }
  }
}
