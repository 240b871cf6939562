// Who gave a pixel its class, as the bytes of an origin mask: the protocol's LabelOrigin values.
import { LabelOrigin } from '../../../proto/gen/cpral/v1/resources.ts';

/** In a class mask: unlabelled, or void where the origin says that somebody looked. */
export const NO_CLASS = 255;

export const ORIGIN_NOBODY = LabelOrigin.LABEL_ORIGIN_UNSPECIFIED;
export const ORIGIN_INITIAL = LabelOrigin.LABEL_ORIGIN_INITIAL;
export const ORIGIN_ORACLE = LabelOrigin.LABEL_ORIGIN_ORACLE;
export const ORIGIN_HUMAN = LabelOrigin.LABEL_ORIGIN_HUMAN;
export const ORIGIN_EXTENDED = LabelOrigin.LABEL_ORIGIN_EXTENDED;

/** The origins of pixels that somebody was paid to look at. */
export type AnnotationOrigin = typeof ORIGIN_INITIAL | typeof ORIGIN_ORACLE | typeof ORIGIN_HUMAN;

/** Narrows a byte or an enum value to the origins that cost budget. */
export function isAnnotation(origin: number): origin is AnnotationOrigin {
  return origin === ORIGIN_INITIAL || origin === ORIGIN_ORACLE || origin === ORIGIN_HUMAN;
}
