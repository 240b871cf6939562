// What contestants are asked for, in words that all of them understand.
export type TaskName = 'training' | 'scoring' | 'voting' | 'attention' | 'extension' | 'rating' | 'finding';

/** Late: channels are dropped before the classifier and not in the encoder's features. */
export type Mode = 'float32' | 'bfloat16' | 'float32-late' | 'bfloat16-late';

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
