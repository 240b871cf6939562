// Objects that are read again and again: the first ones stay in memory, up to a limit, the others are read from the store each time.

/** @param bytesOf what a value takes in memory */
export function keptReader<T>(
  limitBytes: number,
  bytesOf: (value: T) => number,
): (index: number, read: () => Promise<T>) => Promise<T> {
  const kept = new Map<number, T>();
  let keptBytes = 0;
  return async (index, read) => {
    const known = kept.get(index);
    if (known !== undefined) return known;
    const value = await read();
    if (keptBytes + bytesOf(value) <= limitBytes) {
      kept.set(index, value);
      keptBytes += bytesOf(value);
    }
    return value;
  };
}
