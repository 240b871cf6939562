// At most so many at once; the others wait in order. Decoded pictures are large.
export function fewAtOnce(limit: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      // The place goes to whoever waits longest, or is free.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
