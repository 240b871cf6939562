// Two pools of images that nobody decodes.

import { ClassMap, ObjectRef, Split } from '../../proto/gen/cpral/v1/resources.ts';
import type { Database } from '../../services/pool-registry/database.ts';
import { datasets, images } from '../../services/pool-registry/schema.ts';
import type { ObjectStore } from '../../services/shared/objects/object-store.ts';

export const POOL_IMAGES = { small: 8, large: 40 };
export const SIMULATED_SIZE = { height: 6, width: 8 };

export async function insertDatasets(db: Database, objects: ObjectStore): Promise<void> {
  const classMap = ClassMap.toJSON({ classes: ['road', 'sky', 'car'].map((name) => ({ name, color: '#808080' })) });
  for (const [datasetId, trainImages] of Object.entries(POOL_IMAGES)) {
    const [dataset] = await db
      .insert(datasets)
      .values({ datasetId, displayName: datasetId, classMap, trainImages, valImages: 1 })
      .returning({ key: datasets.key });
    const rows = [];
    for (let i = 0; i <= trainImages; i++) {
      const stored = ObjectRef.toJSON(await objects.put(Buffer.from(`image ${i} of ${datasetId}`)));
      const split = i < trainImages ? Split.SPLIT_TRAIN : Split.SPLIT_VAL;
      const imageId = `image-${String(i).padStart(2, '0')}`;
      rows.push({ datasetKey: dataset!.key, imageId, split, ...SIMULATED_SIZE, image: stored, groundTruth: stored });
    }
    await db.insert(images).values(rows);
  }
}
