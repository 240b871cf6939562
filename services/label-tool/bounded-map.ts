// A map that forgets its oldest entries: for what is cheap to ask again.
export function boundedMap<Key, Value>(maxEntries: number) {
  const entries = new Map<Key, Value>();
  return {
    get: (key: Key): Value | undefined => entries.get(key),
    set(key: Key, value: Value): void {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size <= maxEntries) return;
      const [oldest] = entries.keys();
      entries.delete(oldest as Key);
    },
  };
}
