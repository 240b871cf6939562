// A million damaged inputs for everything that reads bytes or texts of somebody else: each is right or refused, none crashes, and
// memory does not grow.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { CampaignConfig } from '../../proto/gen/cpral/v1/resources.ts';
import { safePath } from '../../services/label-tool/imports/file-path.ts';
import { decodeEmbeddings, encodeEmbeddings } from '../../services/panoptic-scorer/embeddings.ts';
import { decodeThumbnails, encodeThumbnails } from '../../services/panoptic-scorer/thumbnails.ts';
import { planCampaign } from '../../services/pool-registry/campaign/plan.ts';
import { readPage } from '../../services/pool-registry/rpc/pages.ts';
import { parseClassJson, parseClassText } from '../../services/shared/datasets/class-file.ts';
import { parseDatasetFlag } from '../../services/shared/datasets/dataset-flag.ts';
import { CpralError } from '../../services/shared/errors.ts';
import { decodeImage, decodeMask, encodeMask, encodeRgb } from '../../services/shared/images/images.ts';
import { readPng } from '../../services/shared/images/png-chunks.ts';
import { readHeader } from '../../services/shared/images/read-header.ts';
import { readSafetensors, writeSafetensors } from '../../services/shared/model/safetensors.ts';
import { seededRandom } from '../../services/shared/random.ts';
import { strategyOfParts } from '../../services/shared/strategy-parts.ts';
import { presetConfig } from '../support/campaign-config.ts';
import { mutate } from './support/mutate.ts';

const MAX_GROWTH_BYTES = 64 << 20;
const utf8 = (text: string) => new TextEncoder().encode(text);
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const size = { height: 8, width: 12 };
const rgb = await encodeRgb({ ...size, data: new Uint8Array(size.height * size.width * 3).map((_, i) => i) });
const mask = await encodeMask({ ...size, data: new Uint8Array(size.height * size.width).map((_, i) => i % 5) });
const palette = await sharp(mask).png({ palette: true, colours: 8 }).toBuffer();
const weights = writeSafetensors(
  new Map([
    ['a/kernel', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    ['b', { shape: [2], data: Float32Array.of(7, 8) }],
  ]),
);
const imageIds = ['a', 'b'];
const token = (...key: (string | number)[]) => utf8(Buffer.from(JSON.stringify(key)).toString('base64url'));

interface Target {
  readonly name: string;
  readonly inputs: number;
  /** At least two. */
  readonly samples: readonly Uint8Array[];
  read(bytes: Uint8Array): unknown;
}

const TARGETS: readonly Target[] = [
  { name: 'chunks of a PNG', inputs: 250_000, samples: [rgb, mask, palette], read: readPng },
  { name: 'headers of pictures', inputs: 10_000, samples: [rgb, palette], read: readHeader },
  { name: 'pictures', inputs: 5_000, samples: [rgb, mask, palette], read: (bytes) => decodeImage(bytes, size) },
  { name: 'masks', inputs: 5_000, samples: [mask, palette], read: (bytes) => decodeMask(bytes, size) },
  {
    name: 'weights',
    inputs: 150_000,
    samples: [weights, writeSafetensors(new Map())],
    read: (bytes) => readSafetensors(bytes, 'weights'),
  },
  {
    name: 'embeddings',
    inputs: 100_000,
    samples: [2, 1].map((dimensions) =>
      encodeEmbeddings({ imageIds, dimensions, values: new Float32Array(2 * dimensions).fill(0.5) }),
    ),
    read: (bytes) => decodeEmbeddings(bytes, 'embeddings'),
  },
  {
    name: 'thumbnails',
    inputs: 100_000,
    samples: [[], [0.1, 0.2]].map((ranks) =>
      encodeThumbnails({ imageIds, size: { height: 2, width: 2 }, pixels: new Uint8Array(24), ranks }),
    ),
    read: (bytes) => decodeThumbnails(bytes, 'thumbnails'),
  },
  {
    name: 'configurations of campaigns',
    inputs: 150_000,
    samples: ['cpral', 'random', 'entropy-r'].map((strategy) =>
      CampaignConfig.encode(presetConfig({ strategy })).finish(),
    ),
    read: (bytes) => planCampaign(decodeRequest(bytes), 100),
  },
  {
    name: 'page tokens',
    inputs: 80_000,
    samples: [token(3, 4), token('image-1'), token('2026-01-01T00:00:00Z', 'x')],
    read: (bytes) => readPage({ pageSize: 0, pageToken: text(bytes) }),
  },
  {
    name: 'class files',
    inputs: 50_000,
    samples: ['road #808080\nsky\ncar #ff0000\n', '\ufeffä ö\r\nü'].map(utf8),
    read: (bytes) => parseClassText(text(bytes)),
  },
  {
    name: 'class files in JSON',
    inputs: 50_000,
    samples: ['{"classes":["a",{"name":"b","color":"#000000"}]}', '["x","y"]'].map(utf8),
    read: (bytes) => parseClassJson(text(bytes)),
  },
  {
    name: 'strategies by parts',
    inputs: 50_000,
    samples: ['all+gaussian:rarity+self-training', 'core-set+whole-image'].map(utf8),
    read: (bytes) => strategyOfParts(text(bytes)),
  },
  {
    name: 'datasets by flag',
    inputs: 50_000,
    samples: ['synthetic:train=20,val=4,size=96x128,seed=7', 'camvid:/data/camvid'].map(utf8),
    read: (bytes) => parseDatasetFlag(text(bytes)),
  },
  {
    name: 'paths of uploaded files',
    inputs: 50_000,
    samples: ['train/images/0001.png', '__MACOSX/x/./y.jpg'].map(utf8),
    read: (bytes) => checkInside(safePath(text(bytes))),
  },
];

/** gRPC refuses what is no message before a handler sees it. */
function decodeRequest(bytes: Uint8Array): CampaignConfig | undefined {
  try {
    return CampaignConfig.decode(bytes);
  } catch {
    return undefined;
  }
}

function checkInside(path: string | undefined): void {
  if (path !== undefined) expect(`/${path}/`).not.toMatch(/\/\.\.?\/|\0|\\/);
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
let inputs = 0;
let refused = 0;

/** @returns heap and buffers in use, once nothing is left to collect */
function bytesInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('damaged', () => {
  it.each(TARGETS.map((target) => [target.name, target] as const))('%s are read or refused', async (name, target) => {
    const { samples, read } = target;
    for (const sample of samples) await read(sample);
    const random = seededRandom('fuzz', name);
    const before = bytesInUse();
    let taken = 0;
    for (let i = 0; i < target.inputs; i++) {
      const bytes = mutate(samples[i % samples.length]!, samples[(i + 1) % samples.length]!, random);
      try {
        await read(bytes);
        taken++;
      } catch (error) {
        if (error instanceof CpralError && error.code === 'INVALID_ARGUMENT') continue;
        throw new Error(`input ${i}: ${Buffer.from(bytes).toString('base64')}`, { cause: error });
      }
    }
    inputs += target.inputs;
    refused += target.inputs - taken;
    expect(taken).toBeLessThan(target.inputs);
    expect(bytesInUse() - before).toBeLessThan(MAX_GROWTH_BYTES);
  });

  afterAll(() => {
    console.log(`${inputs} damaged inputs: ${refused} refused, ${inputs - refused} read, none crashed`);
  });
});
