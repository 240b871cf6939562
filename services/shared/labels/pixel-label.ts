// The label of one image: a class and an origin per pixel.
import { invalid } from '../errors.ts';
import type { Size } from '../images/images.ts';
import { isAnnotation, NO_CLASS, ORIGIN_EXTENDED, ORIGIN_NOBODY } from './origins.ts';

export interface PixelLabel extends Readonly<Size> {
  /** Class ids, H*W row-major; NO_CLASS where there is none. */
  readonly classes: Uint8Array;
  /** LabelOrigin values, H*W. */
  readonly origins: Uint8Array;
}

/** A label in which nobody has looked at anything. */
export function emptyLabel({ height, width }: Size): PixelLabel {
  return {
    height,
    width,
    classes: new Uint8Array(height * width).fill(NO_CLASS),
    origins: new Uint8Array(height * width).fill(ORIGIN_NOBODY),
  };
}

/**
 * Checks a label that came from outside.
 * @param name the image, for the error
 * @throws INVALID_ARGUMENT where a class is outside 0..classCount-1, an origin is unknown, or the two contradict each other
 */
export function checkLabel(label: PixelLabel, classCount: number, name: string): PixelLabel {
  for (let i = 0; i < label.classes.length; i++) {
    const id = label.classes[i]!;
    const origin = label.origins[i]!;
    const at = () => `label of ${name} at row ${Math.floor(i / label.width)}, column ${i % label.width}`;
    if (id >= classCount && id !== NO_CLASS) {
      throw invalid(`${at()}: expected a class below ${classCount} or ${NO_CLASS}, got ${id}`, { field: 'classes' });
    }
    if (origin !== ORIGIN_NOBODY && origin !== ORIGIN_EXTENDED && !isAnnotation(origin)) {
      throw invalid(`${at()}: expected an origin from ${ORIGIN_NOBODY} to ${ORIGIN_EXTENDED}, got ${origin}`, {
        field: 'origins',
      });
    }
    if (origin === ORIGIN_NOBODY && id !== NO_CLASS) {
      throw invalid(`${at()}: expected no class where nobody looked, got ${id}`, { field: 'origins' });
    }
    if (origin === ORIGIN_EXTENDED && id === NO_CLASS) {
      throw invalid(`${at()}: expected a class where the label was extended, got ${id}`, { field: 'origins' });
    }
  }
  return label;
}
