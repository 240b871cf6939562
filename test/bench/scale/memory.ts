// The resident memory of processes while something runs. Flat is what does not grow with the work: the most of the later part, by the
// most of the first part.
import { readFileSync } from 'node:fs';

const INTERVAL_MS = 200;
/** The start has its own costs: code, pools, the first garbage. */
const FIRST_SHARE = 0.3;
const MIB = 2 ** 20;

export interface MemoryReport {
  readonly peakMib: number;
  readonly growthMib: number;
}

export function watchMemory(pid: number): () => MemoryReport {
  const samples = [residentMib(pid)];
  const timer = setInterval(() => samples.push(residentMib(pid)), INTERVAL_MS);
  return () => {
    clearInterval(timer);
    samples.push(residentMib(pid));
    const first = Math.max(...samples.slice(0, Math.ceil(samples.length * FIRST_SHARE)));
    const peakMib = Math.max(...samples);
    return { peakMib, growthMib: peakMib - first };
  };
}

function residentMib(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kib) * 1024) / MIB;
}
