// The memory of the compute processes as a metric, read whenever somebody looks.
import { exposeMetrics, observedGauge } from '../telemetry/metrics.ts';
import { residentBytesOf } from './memory-watch.ts';

const watched = new Set<number>();

exposeMetrics(
  observedGauge(
    'cpral_compute_child_resident_bytes',
    'Resident memory of the compute process of this service; 0 where there is none',
    async () => {
      const sizes = await Promise.all([...watched].map(residentBytesOf));
      return sizes.reduce((sum, bytes) => sum + bytes, 0);
    },
  ),
);

/** @returns stops watching */
export function watchResidentBytes(pid: number): () => void {
  watched.add(pid);
  return () => watched.delete(pid);
}
