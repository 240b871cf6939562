// A registry with pictures of streets whose labels nobody knows, workers that need no time, and predictions that are off by some pixels.
import type { ImportDatasetRequest } from '../../../../proto/gen/cpral/v1/pool_registry.ts';
import { Split } from '../../../../proto/gen/cpral/v1/resources.ts';
import type { WorkHandler } from '../../../../services/shared/worker/worker-service.ts';
import { startTestRegistry, type TestRegistry } from '../../../support/registry.ts';
import { importDataset } from '../../../support/tiny-dataset.ts';
import { entropyOf, predictionOf } from './maps.ts';
import { bandScene, greyPng, SCENE_CLASSES } from './scene.ts';
import type { Told } from './scripted-annotator.ts';

/** Row where the sky ends, by image. */
const HORIZONS: Readonly<Record<string, number>> = { a: 80, b: 87, c: 94, d: 101, 'val-a': 90, 'val-b': 95 };
const scene = (imageId: string) => bandScene(HORIZONS[imageId]!);

export const STREETS = Object.keys(HORIZONS).filter((imageId) => !imageId.startsWith('val'));

export const toldOf = (imageId: string): Told => ({
  horizon: HORIZONS[imageId]!,
  prediction: predictionOf(scene(imageId)),
});

export async function startStreetRegistry(): Promise<TestRegistry> {
  const registry = await startTestRegistry();
  registry.startWorkers(1, { find_regions: findWithPredictions(registry) });
  await importDataset(registry.registry, streetImages());
  return registry;
}

/** Nobody knows the labels of the training images. */
async function* streetImages(): AsyncGenerator<ImportDatasetRequest> {
  const classes = SCENE_CLASSES.map(({ name, color }) => ({ name, color }));
  yield { part: { $case: 'description', value: { displayName: 'Streets', classMap: { classes } } } };
  for (const imageId of Object.keys(HORIZONS)) {
    const { image, truth } = scene(imageId);
    const isVal = imageId.startsWith('val');
    yield {
      part: {
        $case: 'image',
        value: {
          imageId,
          split: isVal ? Split.SPLIT_VAL : Split.SPLIT_TRAIN,
          image: { source: { $case: 'inline', value: image } },
          groundTruth: isVal ? { source: { $case: 'inline', value: greyPng(truth) } } : undefined,
        },
      },
    };
  }
}

/** As a model would do it that is off by some pixels. */
const findWithPredictions =
  (registry: TestRegistry): WorkHandler =>
  async (lease, context) => {
    const answer = await registry.scripted('find_regions')(lease, context);
    const { result } = answer.result;
    if (result?.$case !== 'findRegions') throw new Error('expected regions');
    const previews = [...new Set(result.value.candidates.map(({ imageId }) => imageId))].map(async (imageId) => {
      const entropy = entropyOf(scene(imageId));
      return {
        imageId,
        entropy: await registry.objects.put(greyPng(entropy)),
        prediction: await registry.objects.put(greyPng(predictionOf(scene(imageId)))),
        certainty: await registry.objects.put(greyPng(entropy.map((value) => 255 - value))),
      };
    });
    result.value.previews = await Promise.all(previews);
    return answer;
  };
