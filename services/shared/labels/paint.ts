// Writing into a label. An annotation replaces whatever was there: the last one who looked is right. An extension replaces
// the former extension and nothing that anybody looked at.
import { assert } from '../errors.ts';
import { type AnnotationOrigin, isAnnotation, NO_CLASS, ORIGIN_EXTENDED, ORIGIN_NOBODY } from './origins.ts';
import type { PixelLabel } from './pixel-label.ts';
import type { Window } from './windows.ts';

/** An annotator's answer: the classes of a window, row-major, NO_CLASS where it is void. */
export interface Annotation {
  readonly window: Window;
  readonly classes: Uint8Array;
}

/** @returns a new label with the annotations in it, later ones over earlier ones */
export function paintAnnotations(
  label: PixelLabel,
  annotations: readonly Annotation[],
  origin: AnnotationOrigin,
): PixelLabel {
  const classes = label.classes.slice();
  const origins = label.origins.slice();
  for (const { window, classes: answer } of annotations) {
    assert(
      answer.length === window.height * window.width,
      'an annotation holds one class for each pixel of its window',
    );
    for (let y = 0; y < window.height; y++) {
      const start = (window.top + y) * label.width + window.left;
      classes.set(answer.subarray(y * window.width, (y + 1) * window.width), start);
      origins.fill(origin, start, start + window.width);
    }
  }
  return { ...label, classes, origins };
}

/**
 * @param extension classes, H*W; NO_CLASS where the extension says nothing
 * @returns a new label that holds this extension instead of the former one
 */
export function paintExtension(label: PixelLabel, extension: Uint8Array): PixelLabel {
  assert(extension.length === label.classes.length, 'an extension is as large as its label');
  const classes = label.classes.slice();
  const origins = label.origins.slice();
  for (let i = 0; i < classes.length; i++) {
    if (isAnnotation(origins[i]!)) continue;
    classes[i] = extension[i]!;
    origins[i] = extension[i] === NO_CLASS ? ORIGIN_NOBODY : ORIGIN_EXTENDED;
  }
  return { ...label, classes, origins };
}
