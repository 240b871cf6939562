// The port to heavy work. TensorFlow blocks its thread, so compute functions run in a child process, and this is all they see.
import type { Progress } from '../../../proto/gen/cpral/v1/trainer.ts';
import type { ObjectStore } from '../objects/object-store.ts';

export interface ComputeContext {
  readonly objects: ObjectStore;
  /** Tells how far the work has come; a caller hears at least the last of a burst, and every checkpoint. */
  progress(progress: Partial<Progress>): void;
  /** Tells how long a training step took. */
  trainingStepTook?(seconds: number): void;
}

/**
 * A compute function is the default export of a module that a service names by URL. Arguments and result are plain
 * messages: they cross a process boundary.
 */
export type ComputeFunction<Spec, Result> = (spec: Spec, context: ComputeContext) => Promise<Result>;

export interface ComputeOptions {
  /** Called when the work's turn has come: waiting is not silence. */
  readonly onStart?: () => void;
  readonly onProgress?: (progress: Progress) => void;
  /** Aborting ends the work, by ending the process where it must. */
  readonly signal?: AbortSignal;
}

export interface Computed<Result> {
  readonly result: Result;
  /** Seconds that the function itself took, waiting for its turn excluded. */
  readonly seconds: number;
}

export interface Compute {
  run<Spec, Result>(module: URL, spec: Spec, options?: ComputeOptions): Promise<Computed<Result>>;
  close(): Promise<void>;
}
