// A worker has two doors to the same function: its gRPC service, and the work queue.
import type { WorkLease, WorkResult } from '../../../proto/gen/cpral/v1/work.ts';
import type { WorkKind } from '../bus/bus.ts';
import type { Compute, Computed, ComputeOptions } from '../compute/compute.ts';
import type { GrpcService } from '../grpc/server.ts';
import type { Log } from '../log.ts';

export interface WorkerContext {
  readonly compute: Compute;
  readonly log: Log;
}

export type WorkHandler = (lease: WorkLease, options: ComputeOptions) => Promise<Computed<WorkResult>>;

export interface WorkerService {
  readonly name: string;
  readonly kind: WorkKind;
  /** Its compute process is ready when TensorFlow is loaded. */
  readonly usesTensorFlow?: boolean;
  readonly handler: WorkHandler;
  readonly grpc: GrpcService;
}
