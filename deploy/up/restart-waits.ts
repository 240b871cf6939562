// How long to wait before a process that died is started again: longer each time it dies young.
const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 30_000;
/** Who lived so long is not dying of its start. */
const HEALTHY_AFTER_MS = 30_000;

/** @returns from how long it lived, how long to wait now */
export function restartWaits(): (livedMs: number) => number {
  let nextMs = FIRST_WAIT_MS;
  return (livedMs) => {
    const waitMs = livedMs > HEALTHY_AFTER_MS ? FIRST_WAIT_MS : nextMs;
    nextMs = Math.min(2 * waitMs, MAX_WAIT_MS);
    return waitMs;
  };
}
