// Features of an image as an array.
import type { Size } from '../images/images.ts';

export interface FeatureMap extends Readonly<Size> {
  readonly channels: number;
  /** rows*columns*channels */
  readonly values: Float32Array;
}
