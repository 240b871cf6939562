// The memory of the compute processes, read from the kernel whenever somebody looks: they may be deep in TensorFlow and could not say.
import { readFile } from 'node:fs/promises';
import { exposeMetrics, observedGauge } from '../telemetry/metrics.ts';

const watched = new Set<number>();

exposeMetrics(
  observedGauge(
    'cpral_compute_child_resident_bytes',
    'Resident memory of the compute process of this service; 0 where there is none',
    async () => {
      const sizes = await Promise.all([...watched].map(residentBytes));
      return sizes.reduce((sum, bytes) => sum + bytes, 0);
    },
  ),
);

/** @returns stops watching */
export function watchResidentBytes(pid: number | undefined): () => void {
  if (pid === undefined) return () => {};
  watched.add(pid);
  return () => watched.delete(pid);
}

async function residentBytes(pid: number): Promise<number> {
  // A process may end between two looks.
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kib = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(text) ?? [];
  return 1_024 * Number(kib);
}
