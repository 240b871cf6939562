import { describe, expect, it } from 'vitest';
import { Changes } from '../../services/pool-registry/context.ts';

/** Time does not pass: whoever waits is woken or waits for ever. */
const stopped = {
  now: () => 0,
  sleep: (_: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve())),
};

describe('a change of a campaign', () => {
  it.each(['error', 'any', 'newListener', 'reconcile'])(
    'called "%s" wakes who waits for it, and throws nothing',
    async (id) => {
      const changes = new Changes(stopped);
      changes.notify(id);
      const woken = changes.nextOf(id, 1_000);
      changes.notify(id);
      await woken;
    },
  );

  it('under way wakes nobody who waits for something to publish, whatever its name', async () => {
    const changes = new Changes(stopped);
    let published = false;
    void changes.nextOfAny(1_000).then(() => {
      published = true;
    });
    const woken = changes.nextOf('any', 1_000);
    changes.notifyWatchers('any');
    await woken;
    expect(published).toBe(false);
    const any = changes.nextOfAny(1_000);
    changes.notify('other');
    await any;
    expect(published).toBe(true);
  });
});
