// Labels in the object store: two 8-bit PNG masks, classes and origins.
import type { Blob, Label } from '../../../proto/gen/cpral/v1/resources.ts';
import { about } from '../about.ts';
import { invalid } from '../errors.ts';
import { decodeMask, encodeMask, type Size } from '../images/images.ts';
import { readBlob } from '../objects/blob.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { countPixels } from './counts.ts';
import { checkLabel, emptyLabel, type PixelLabel } from './pixel-label.ts';

export interface LabelBlobs {
  readonly imageId: string;
  readonly classes: Blob | undefined;
  readonly origins: Blob | undefined;
}

export interface LabelShape {
  readonly size: Size;
  readonly classCount: number;
}

/**
 * Reads the label of an image; an empty one where it has neither mask.
 * @throws INVALID_ARGUMENT where one mask comes without the other, or one is not of the label's shape
 */
export async function readLabel(
  objects: ObjectStore,
  { imageId, classes, origins }: LabelBlobs,
  { size, classCount }: LabelShape,
): Promise<PixelLabel> {
  if (classes === undefined && origins === undefined) return emptyLabel(size);
  if (classes === undefined || origins === undefined) {
    const [present, absent] = classes === undefined ? ['origins', 'classes'] : ['classes', 'origins'];
    throw invalid(`label of ${imageId}: expected both masks or none, got ${present} without ${absent}`, {
      field: absent,
    });
  }
  const read = async (blob: Blob, field: string) => {
    const name = `${field} of ${imageId}`;
    const mask = await about(name, decodeMask(await readBlob(objects, blob, name)));
    if (mask.height !== size.height || mask.width !== size.width) {
      throw invalid(`${name}: expected a mask of ${size.height}x${size.width}, got ${mask.height}x${mask.width}`, {
        field,
      });
    }
    return mask.data;
  };
  const label = {
    height: size.height,
    width: size.width,
    classes: await read(classes, 'classes'),
    origins: await read(origins, 'origins'),
  };
  return checkLabel(label, classCount, imageId);
}

/** Stores a label's two masks; equal labels give equal references. @returns what the registry keeps, cycle 0 */
export async function storeLabel(objects: ObjectStore, imageId: string, label: PixelLabel): Promise<Label> {
  const { height, width } = label;
  const classes = await objects.put(await encodeMask({ height, width, data: label.classes }));
  const origins = await objects.put(await encodeMask({ height, width, data: label.origins }));
  const counts = countPixels(label);
  return {
    imageId,
    masks: { classes, origins },
    labelledPixels: BigInt(counts.labelled),
    voidPixels: BigInt(counts.void),
    extendedPixels: BigInt(counts.extended),
    cycle: 0,
  };
}
