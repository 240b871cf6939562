// What the thread that trains and the thread that makes batches say to each other.
import type { ImageSize, ObjectRef } from '../../proto/gen/cpral/v1/resources.ts';
import type { PlainError } from '../shared/compute/messages.ts';
import type { AugmentationOptions } from './augment.ts';
import type { Batch } from './batch.ts';
import type { LabelledPixels } from './count-labelled-pixels.ts';
import type { SampleList } from './samples.ts';

export interface BatchThreadData {
  readonly samples: SampleList;
  readonly size: ImageSize;
  readonly classCount: number;
  readonly seed: number;
  readonly batchSize: number;
  readonly augmentation: AugmentationOptions;
}

export type ToThread =
  | { readonly type: 'object'; readonly question: number; readonly bytes: Uint8Array }
  | { readonly type: 'no-object'; readonly question: number; readonly error: PlainError }
  | { readonly type: 'make'; readonly step: number };

export type FromThread =
  | { readonly type: 'get'; readonly question: number; readonly ref: ObjectRef }
  | { readonly type: 'read'; readonly samples: number }
  | { readonly type: 'labelled'; readonly labelled: LabelledPixels }
  | { readonly type: 'batch'; readonly step: number; readonly batch: Batch }
  | { readonly type: 'error'; readonly error: PlainError };
