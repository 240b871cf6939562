// Counts a work item once its result is committed: here, and not in the worker, which may be gone before anybody asks it.
import { WorkSpec } from '../../../proto/gen/cpral/v1/work.ts';
import { imagesTotal, workItemSeconds } from '../../shared/telemetry/metrics.ts';
import { imagesOf } from '../campaign/split-spec.ts';
import type { WorkItemRow } from '../campaign/work-items.ts';

export function countCommitted({ kind, spec }: WorkItemRow, computeSeconds: number): void {
  workItemSeconds.observe({ kind }, computeSeconds);
  imagesTotal.inc({ kind }, imagesOf(WorkSpec.fromJSON(spec)).length);
}
