// What contestants are asked for, in words that all of them understand.
export type TaskName = 'training' | 'scoring' | 'voting' | 'attention' | 'extension' | 'rating' | 'finding';

export type Mode = 'float32' | 'bfloat16';

export interface Shape {
  readonly height: number;
  readonly width: number;
  readonly classes: number;
  /** Images of a training step. */
  readonly batch: number;
  /** m. */
  readonly passes: number;
  readonly regionSizePx: number;
  readonly threads: number;
}
