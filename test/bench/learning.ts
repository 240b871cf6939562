// Measures learning on CamVid at 180x240: trains on a number of images, warm-started, and prints one JSON line.
//   node test/bench/learning.ts [images=367] [seed=0] [training overrides as JSON]
// The folder comes from CPRAL_TEST_CAMVID, as in the tests.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TrainingConfig } from '../../proto/gen/cpral/v1/resources.ts';
import type { TrainingSample } from '../../proto/gen/cpral/v1/trainer.ts';
import { PRESETS } from '../../services/shared/campaign/presets.ts';
import { decodeMask, encodeMask } from '../../services/shared/images/images.ts';
import { NO_CLASS } from '../../services/shared/labels/origins.ts';
import { kerasMobilenetToSafetensors, NSFWJS_MODEL } from '../../services/shared/model/keras-mobilenet.ts';
import { refBlob } from '../../services/shared/objects/blob.ts';
import { folderObjectStore } from '../../services/shared/objects/folder-object-store.ts';
import type { ObjectStore } from '../../services/shared/objects/object-store.ts';
import { seededRandom, shuffle } from '../../services/shared/random.ts';
import train from '../../services/trainer/train.ts';
import { camvidFolder } from '../support/camvid.ts';

const [imageCount = '367', seed = '0', overrides = '{}'] = process.argv.slice(2);
const CLASS_COUNT = 11;
const SIZE = { height: 180, width: 240 };

async function samples(objects: ObjectStore, split: 'train' | 'val'): Promise<TrainingSample[]> {
  if (!camvidFolder) throw new Error('CamVid is not there: name its folder in CPRAL_TEST_CAMVID');
  const folder = path.join(camvidFolder, split);
  const names = (await readdir(path.join(folder, 'images'))).sort();
  return Promise.all(
    names.map(async (name) => {
      const imageId = path.parse(name).name;
      const image = await readFile(path.join(folder, 'images', name));
      const mask = await decodeMask(await readFile(path.join(folder, 'labels', `${imageId}.png`)));
      const known = mask.data.map((id) => (id < CLASS_COUNT ? id : NO_CLASS));
      const classes = await encodeMask({ ...mask, data: known });
      return { imageId, image: refBlob(await objects.put(image)), classes: refBlob(await objects.put(classes)) };
    }),
  );
}

const store = await mkdtemp(path.join(tmpdir(), 'cpral-bench-'));
try {
  const objects = folderObjectStore(store);
  const encoderWeights = await objects.put(await kerasMobilenetToSafetensors(NSFWJS_MODEL));
  const { network, ...rest } = JSON.parse(overrides) as Partial<TrainingConfig>;
  const preset = PRESETS.camvid.config.training!;
  const config = { ...preset, ...rest, network: { ...preset.network!, ...network }, encoderWeights };
  const all = shuffle(await samples(objects, 'train'), seededRandom('learning', Number(seed)));
  const spec = {
    config,
    classCount: CLASS_COUNT,
    size: SIZE,
    train: all.slice(0, Number(imageCount)),
    val: await samples(objects, 'val'),
    storedTrain: undefined,
    storedVal: undefined,
    seed: Number(seed),
  };
  const start = performance.now();
  let trained = start;
  const progress = () => {
    trained = performance.now();
  };
  const result = await train({ spec, checkpoint: undefined }, { objects, progress });
  const seconds = (performance.now() - start) / 1_000;
  console.log(
    JSON.stringify({
      images: spec.train.length,
      seed: spec.seed,
      overrides: JSON.parse(overrides),
      miou: result.evaluation!.miou,
      loss: result.loss,
      steps: result.steps,
      seconds,
      // What a quiet machine with two cores would take at least.
      cpuSecondsByTwo: (process.cpuUsage().user + process.cpuUsage().system) / 2e6,
      millisecondsPerImage: (trained - start) / (result.steps * config.batchSize),
      iou: result.evaluation!.iou.map((value) => Number(value.toFixed(3))),
      residentMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    }),
  );
} finally {
  await rm(store, { recursive: true, force: true });
}
