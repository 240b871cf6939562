// Watches how much memory a process holds, from outside: it may be deep in TensorFlow when it takes too much.
import { readFile } from 'node:fs/promises';

const POLL_INTERVAL_MS = 200;
const PAGE_BYTES = 4_096;

/** @param onExceeded called once, with what the process holds */
export function watchMemory(
  pid: number,
  limitBytes: number,
  onExceeded: (residentBytes: number) => void,
): { close(): void } {
  const timer = setInterval(async () => {
    const residentBytes = await residentBytesOf(pid);
    if (residentBytes <= limitBytes) return;
    clearInterval(timer);
    onExceeded(residentBytes);
  }, POLL_INTERVAL_MS);
  timer.unref();
  return { close: () => clearInterval(timer) };
}

/** 0 where the process is gone. */
export async function residentBytesOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
  return Number(text.split(' ')[1] ?? 0) * PAGE_BYTES;
}
