// Checks an image of an import with its ground truth, and stores what came inline.
import type { ImportImage } from '../../../proto/gen/cpral/v1/pool_registry.ts';
import { type Blob, ObjectRef, Split } from '../../../proto/gen/cpral/v1/resources.ts';
import { IMAGE_ID_RULE, isImageId } from '../../shared/datasets/image-id.ts';
import { CpralError, invalid } from '../../shared/errors.ts';
import { decodeMask, readHeader } from '../../shared/images/images.ts';
import { readBlob } from '../../shared/objects/blob.ts';
import type { ObjectStore } from '../../shared/objects/object-store.ts';
import type { images } from '../schema.ts';

const UNLABELLED = 255;
/** Files that were read lately: images often share one, such as the mask of an empty scene. */
const REMEMBERED_FILES = 10_000;

type CheckedImage = Omit<typeof images.$inferInsert, 'datasetKey'>;

interface Size {
  readonly height: number;
  readonly width: number;
}

interface MaskFacts extends Size {
  /** A class id that the dataset does not have. */
  readonly outside: number | undefined;
}

/** Throws INVALID_ARGUMENT, NOT_FOUND and what else an image deserves, with its id. */
export function imageChecker(objects: ObjectStore, classCount: number): (image: ImportImage) => Promise<CheckedImage> {
  const headers = remembered(async (bytes): Promise<Size> => readHeader(bytes));
  const masks = remembered(async (bytes): Promise<MaskFacts> => {
    const { height, width, data } = await decodeMask(bytes);
    return { height, width, outside: data.find((id) => id >= classCount && id !== UNLABELLED) };
  });

  return async ({ imageId, split, image, groundTruth }) => {
    if (!isImageId(imageId)) {
      throw invalid(`image_id "${imageId.slice(0, 80)}": expected ${IMAGE_ID_RULE}`, { field: 'image.image_id' });
    }
    if (split !== Split.SPLIT_TRAIN && split !== Split.SPLIT_VAL) {
      throw invalid(`image "${imageId}": expected the split TRAIN or VAL, got ${split}`, { field: 'image.split' });
    }
    if (split === Split.SPLIT_VAL && !groundTruth) {
      throw invalid(`image "${imageId}": a validation image needs ground truth`, { field: 'image.ground_truth' });
    }
    try {
      const picture = await headers(objects, image, 'image.image');
      const { height, width } = picture.facts;
      const row = { imageId, split, height, width, image: ObjectRef.toJSON(picture.ref) };
      if (!groundTruth) return row;
      const truth = await masks(objects, groundTruth, 'image.ground_truth');
      checkMask(truth.facts, picture.facts, classCount);
      return { ...row, groundTruth: ObjectRef.toJSON(truth.ref) };
    } catch (cause) {
      if (!(cause instanceof CpralError)) throw cause;
      throw new CpralError(cause.code, `image "${imageId}": ${cause.message}`, {
        field: cause.field ?? 'image',
        reason: cause.reason,
        cause,
      });
    }
  };
}

function checkMask(mask: MaskFacts, image: Size, classCount: number): void {
  if (mask.height !== image.height || mask.width !== image.width) {
    throw invalid(
      `ground truth: expected the image's size ${image.height}x${image.width}, got ${mask.height}x${mask.width}`,
      { field: 'image.ground_truth' },
    );
  }
  if (mask.outside !== undefined) {
    throw invalid(`ground truth: expected class ids 0 to ${classCount - 1} or 255, got ${mask.outside}`, {
      field: 'image.ground_truth',
    });
  }
}

/** Stores or reads a file and what there is to know of it; once, while it is remembered. */
function remembered<Facts>(read: (bytes: Uint8Array) => Promise<Facts>) {
  const known = new Map<string, Facts>();
  return async (objects: ObjectStore, blob: Blob | undefined, field: string) => {
    const given = blob?.source?.$case === 'object' ? blob.source.value : undefined;
    const before = given && known.get(given.digest);
    if (given && before !== undefined) return { ref: given, facts: before };
    const bytes = await readBlob(objects, blob, field);
    const ref = given ?? (await objects.put(bytes));
    const facts = await read(bytes);
    known.set(ref.digest, facts);
    const [oldest] = known.keys();
    if (known.size > REMEMBERED_FILES && oldest !== undefined) known.delete(oldest);
    return { ref, facts };
  };
}
