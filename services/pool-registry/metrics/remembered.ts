// Reads something that costs at most so often, whoever asks and however many ask.

/** The least time between two readings. */
const MIN_AGE_MS = 3_000;
/** Readings take at most this share of the time: large pools are counted less often. */
const MAX_SHARE = 0.05;

export function remembered<T>(read: () => Promise<T>, now: () => number = () => performance.now()): () => Promise<T> {
  let value: Promise<T> | undefined;
  let freshUntil = Number.NEGATIVE_INFINITY;
  return () => {
    if (value && now() < freshUntil) return value;
    const start = now();
    freshUntil = Number.POSITIVE_INFINITY;
    value = read().finally(() => {
      const end = now();
      freshUntil = end + Math.max(MIN_AGE_MS, (end - start) / MAX_SHARE);
    });
    return value;
  };
}
