// A campaign played from ground truth, without a model: windows at scripted places, labels cut from the truth, mIoU from a list.
import {
  type CampaignConfig,
  Cycle,
  type DatasetImage,
  ImagePreview,
  type Label,
  LabelOrigin,
  type ObjectRef,
  type Region,
} from '../../../proto/gen/cpral/v1/resources.ts';
import { decodeMask, encodeMask } from '../../../services/shared/images/images.ts';
import type { ObjectStore } from '../../../services/shared/objects/object-store.ts';
import type { ScriptedCampaign } from './scripted-registry.ts';

export interface Played {
  readonly objects: ObjectStore;
  readonly classCount: number;
  readonly mious: readonly number[];
  /** Images that a cycle touches. */
  readonly imagesPerCycle: number;
}

const REGION_PX = 23;
const VOID = 255;

export async function playCampaign(
  config: CampaignConfig,
  images: readonly DatasetImage[],
  { objects, classCount, mious, imagesPerCycle }: Played,
): Promise<ScriptedCampaign> {
  const size = config.size!;
  const pool = images.filter(({ split }) => split === 1);
  const regions: Region[] = [];
  const labels = new Map<number, Label[]>();
  const previews = new Map<number, ImagePreview[]>();
  const cycles = mious.map((miou, cycle) => cycleOf({ cycle, miou, classCount, config }));
  for (let cycle = 0; cycle < mious.length - 1; cycle++) {
    const picked = Array.from(
      { length: imagesPerCycle },
      (_, at) => pool[(cycle * imagesPerCycle + at) % pool.length]!,
    );
    for (const [at, image] of picked.entries()) {
      const truth = await decodeMask(await objects.get(image.groundTruth!), size);
      const windows = config.strategy === 'random' ? [{ top: 0, left: 0, ...size }] : windowsOf(at + cycle, size);
      for (const [place, window] of windows.entries()) {
        const rank = place * imagesPerCycle + at;
        regions.push({
          regionId: `${cycle}-${rank}`,
          cycle,
          imageId: image.imageId,
          ...window,
          score: 600 - rank * 7,
          rank,
        });
      }
      const classes = new Uint8Array(truth.data.length).fill(VOID);
      const origins = new Uint8Array(truth.data.length);
      const give = (window: (typeof windows)[number], margin: number, origin: LabelOrigin) => {
        for (
          let y = Math.max(0, window.top - margin);
          y < Math.min(size.height, window.top + window.height + margin);
          y++
        ) {
          for (
            let x = Math.max(0, window.left - margin);
            x < Math.min(size.width, window.left + window.width + margin);
            x++
          ) {
            const pixel = y * size.width + x;
            classes[pixel] = truth.data[pixel]!;
            origins[pixel] = origin;
          }
        }
      };
      for (const window of windows) give(window, 9, LabelOrigin.LABEL_ORIGIN_EXTENDED);
      for (const window of windows) give(window, 0, LabelOrigin.LABEL_ORIGIN_ORACLE);
      const label = labelOf(image.imageId, cycle, {
        classes: await objects.put(await encodeMask({ ...size, data: classes })),
        origins: await objects.put(await encodeMask({ ...size, data: origins })),
      });
      labels.set(cycle, [...(labels.get(cycle) ?? []), label]);
      if (config.strategy === 'random') continue;
      const entropy = await objects.put(await encodeMask({ ...size, data: borders(truth.data, size) }));
      previews.set(cycle, [
        ...(previews.get(cycle) ?? []),
        ImagePreview.fromPartial({ imageId: image.imageId, entropy }),
      ]);
    }
  }
  return { cycles, regions, labels, previews };
}

function windowsOf(seed: number, { height, width }: { height: number; width: number }) {
  const side = Math.min(REGION_PX, height, width);
  return Array.from({ length: 5 }, (_, at) => ({
    top: ((seed * 29 + at * 41) % Math.max(1, height - side + 1)) | 0,
    left: ((seed * 53 + at * 47) % Math.max(1, width - side + 1)) | 0,
    height: side,
    width: side,
  }));
}

/** Bright where classes meet, which is where a model would be unsure. */
function borders(truth: Uint8Array, { height, width }: { height: number; width: number }): Uint8Array {
  const map = new Uint8Array(truth.length);
  const reach = 3;
  for (let y = reach; y < height - reach; y++) {
    for (let x = reach; x < width - reach; x++) {
      let other = 0;
      for (let dy = -reach; dy <= reach; dy++) {
        for (let dx = -reach; dx <= reach; dx++) {
          if (truth[(y + dy) * width + x + dx] !== truth[y * width + x]) other++;
        }
      }
      map[y * width + x] = Math.min(200, other * 6);
    }
  }
  return map;
}

function cycleOf(of: { cycle: number; miou: number; classCount: number; config: CampaignConfig }): Cycle {
  const { cycle, miou, classCount, config } = of;
  const pixels = (config.initialImages + cycle * config.budgetImages) * config.size!.height * config.size!.width;
  const last = cycle === config.cycles - 1;
  return Cycle.fromPartial({
    cycle,
    labelled: {
      images: BigInt(config.initialImages + 6 * cycle),
      regions: BigInt(10 * cycle),
      pixels: BigInt(pixels),
      voidPixels: BigInt(Math.round(pixels / 20)),
      fraction: 0.1 + 0.05 * cycle,
      extendedPixels: config.strategy === 'cpral' ? BigInt(5000 * cycle) : 0n,
    },
    modelId: `model-${config.strategy}-${cycle}`,
    evaluation: {
      miou,
      iou: Array.from({ length: classCount }, (_, id) => (id === 1 ? -1 : miou)),
      pixelAccuracy: 0.8,
    },
    loss: 0.5 - 0.05 * cycle,
    seconds: { train: 30, rate: 4, select: 6, annotate: 0.5, extend: 1.5 },
    ...(last
      ? {}
      : {
          quality: {
            pickedPixels: 5290n,
            voidPixels: 90n,
            classPixels: Array.from({ length: classCount }, (_, id) => BigInt(100 * (id + 1))),
          },
        }),
  });
}

function labelOf(imageId: string, cycle: number, masks: { classes: ObjectRef; origins: ObjectRef }): Label {
  return { imageId, cycle, masks, labelledPixels: 500n, voidPixels: 20n, extendedPixels: 90n };
}
