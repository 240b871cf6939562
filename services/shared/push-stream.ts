// An async iterable fed by a callback: for work that reports while a client listens.
export async function* pushStream<T>(produce: (push: (item: T) => void) => Promise<void>): AsyncGenerator<T> {
  const waiting: T[] = [];
  let wake = () => {};
  let ended = false;
  const push = (item: T) => {
    waiting.push(item);
    wake();
  };
  const done = produce(push).finally(() => {
    ended = true;
    wake();
  });
  // The error is thrown below, once what came before it has been read.
  done.catch(() => {});
  while (!ended || waiting.length > 0) {
    if (waiting.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    yield* waiting.splice(0);
  }
  await done;
}
