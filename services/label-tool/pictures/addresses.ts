// Addresses of pictures. They name what they show by the digest of its content, so they never change their meaning. Pure.
import type { DatasetImage, ObjectRef } from '../../../proto/gen/cpral/v1/resources.ts';
import type { PixelSize } from '../dashboard-types.ts';

export const API = '/api/v1';
const DIGEST = /^sha256\/([0-9a-f]{64})$/;

/** An image at a size; its own file where it has that size. */
export function imageAddress({ image, size: own }: Pick<DatasetImage, 'image' | 'size'>, size: PixelSize): string {
  const { height, width } = size;
  const isOwn = own?.height === height && own.width === width;
  return `${pictureAddress(image!)}${isOwn ? '' : `?height=${height}&width=${width}`}`;
}

/** A picture as its file is. */
export function pictureAddress(object: ObjectRef): string {
  return `${API}/pictures/${hexOf(object)}`;
}

/** A map of one value a pixel, such as entropy, at a size. */
export function mapAddress(object: ObjectRef, { height, width }: PixelSize): string {
  return `${API}/maps/${hexOf(object)}?height=${height}&width=${width}`;
}

/** @param withoutExtension the origins that tell which pixels nobody gave: they are shown as unlabelled */
export function labelAddress(
  classes: ObjectRef,
  { withoutExtension }: { readonly withoutExtension?: ObjectRef } = {},
): string {
  return `${API}/labels/${hexOf(classes)}${withoutExtension ? `?given=${hexOf(withoutExtension)}` : ''}`;
}

export function hexOf({ digest }: ObjectRef): string {
  const [, hex] = DIGEST.exec(digest) ?? [];
  if (!hex) throw new Error(`expected a digest of the registry, got "${digest.slice(0, 80)}"`);
  return hex;
}

export const refOf = (hex: string): ObjectRef => ({ digest: `sha256/${hex}`, sizeBytes: 0n });
