import { describe, expect, it } from 'vitest';
import { boundedMap } from '../../services/label-tool/bounded-map.ts';
import { fewAtOnce } from '../../services/label-tool/pictures/few-at-once.ts';
import { formatEvent, withHeartbeat } from '../../services/label-tool/server/event-stream.ts';

const never = () => new Promise<never>(() => {});

describe('an event stream', () => {
  it('is a comment, then an event each, and ends with its source', async () => {
    async function* source() {
      yield { event: 'campaign', data: { text: 'two\nlines' } };
      yield { event: 'end', data: null };
    }
    const { signal } = new AbortController();
    const texts = [];
    for await (const text of withHeartbeat(source(), { signal, heartbeatMs: 60_000 })) texts.push(text);
    expect(texts).toEqual([
      ': open\n\n',
      'event: campaign\ndata: {"text":"two\\nlines"}\n\n',
      'event: end\ndata: null\n\n',
    ]);
    expect(texts[2]).toBe(formatEvent({ event: 'end', data: null }));
  });

  it('beats while nothing happens, and ends when it is told to, though its source never does', async () => {
    const stop = new AbortController();
    let beats = 0;
    // biome-ignore lint/correctness/useYield: nothing happens in it.
    async function* source(): AsyncGenerator<{ event: string; data: unknown }> {
      await never();
    }
    for await (const text of withHeartbeat(source(), { signal: stop.signal, heartbeatMs: 1 })) {
      if (text === ': beat\n\n' && ++beats === 3) stop.abort();
    }
    expect(beats).toBe(3);
  });

  it('passes on what its source fails with', async () => {
    // biome-ignore lint/correctness/useYield: it fails before.
    async function* source(): AsyncGenerator<{ event: string; data: unknown }> {
      throw new Error('the registry is away');
    }
    const read = async () => {
      const { signal } = new AbortController();
      for await (const _ of withHeartbeat(source(), { signal, heartbeatMs: 60_000 }));
    };
    await expect(read()).rejects.toThrow('the registry is away');
  });
});

describe('a limit of work at once', () => {
  it('is kept, whoever fails, and all that wait come in their order', async () => {
    const limited = fewAtOnce(2);
    const begun: number[] = [];
    let running = 0;
    let most = 0;
    const work = (nth: number) =>
      limited(async () => {
        begun.push(nth);
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        if (nth % 2 === 1) throw new Error(`${nth}`);
        return nth;
      });
    const results = await Promise.allSettled([0, 1, 2, 3, 4, 5].map(work));
    expect(most).toBe(2);
    expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
    ]);
  });
});

describe('a map with a limit', () => {
  it('forgets what was set longest ago', () => {
    const map = boundedMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.set('a', 3);
    map.set('c', 4);
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([3, undefined, 4]);
  });
});
