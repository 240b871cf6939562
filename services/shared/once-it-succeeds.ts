// Work that many ask for and that is done once.

/** The first success is kept; a failure is forgotten, and the next caller tries. */
export function onceItSucceeds<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= work().catch((error) => {
      running = undefined;
      throw error;
    });
    return running;
  };
}
