// Which pixels of an image somebody has looked at.
import type { Blob } from '../../../proto/gen/cpral/v1/resources.ts';
import { about } from '../about.ts';
import { decodeMask, type Size } from '../images/images.ts';
import { readBlob } from '../objects/blob.ts';
import type { ObjectReader } from '../objects/object-store.ts';
import { isAnnotation } from './origins.ts';

/** @returns H*W, 1 where somebody looked; extended pixels are still to be asked for */
export async function readAnnotated(
  objects: ObjectReader,
  { imageId, origins }: { readonly imageId: string; readonly origins: Blob | undefined },
  size: Size,
): Promise<Uint8Array> {
  if (origins === undefined) return new Uint8Array(size.height * size.width);
  const name = `origins of ${imageId}`;
  const { data } = await about(name, decodeMask(await readBlob(objects, origins, name), size));
  return data.map((origin) => (isAnnotation(origin) ? 1 : 0));
}
