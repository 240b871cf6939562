import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refused, Unreachable } from '../../../../services/label-tool/page/client/request.ts';
import { type Autosave, createAutosave } from '../../../../services/label-tool/page/work/autosave.ts';

/** What the browser and the server have, and what goes wrong next. */
let kept: boolean[];
let sent: number;
let failures: Error[];
let storageIsFull: boolean;
let autosave: Autosave;

beforeEach(() => {
  vi.useFakeTimers();
  kept = [];
  sent = 0;
  failures = [];
  storageIsFull = false;
  autosave = createAutosave(
    {
      keep: async (isSent) => {
        if (storageIsFull) throw new Error('full');
        kept.push(isSent);
      },
      send: async () => {
        const failure = failures.shift();
        if (failure) throw failure;
        sent++;
      },
    },
    'saved',
  );
});
afterEach(() => {
  autosave.stop();
  vi.useRealTimers();
});

const refused = (status: number) => new Refused({ title: 'No', status, detail: '' });
const state = () => autosave.state.value;

describe('a draft', () => {
  it('is in the browser at once and on the server a moment later, once for several strokes', async () => {
    for (let i = 0; i < 5; i++) autosave.changed();
    expect(kept).toEqual([false, false, false, false, false]);
    expect([state(), sent]).toEqual(['saving', 0]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([state(), sent, kept.at(-1)]).toEqual(['saved', 1, true]);
  });

  it('is kept while the server does not answer, and sent when it does', async () => {
    failures = [new Unreachable('away'), refused(503), new Unreachable('away')];
    autosave.changed();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(state()).toBe('offline');
    autosave.changed();
    expect([state(), kept.at(-1)]).toEqual(['offline', false]);
    await vi.advanceTimersByTimeAsync(30_000);
    expect([state(), sent]).toEqual(['saved', 1]);
  });

  it('that neither the browser nor the server has is not said to be kept', async () => {
    storageIsFull = true;
    failures = [new Unreachable('away')];
    autosave.changed();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(state()).toBe('unsafe');
    await vi.advanceTimersByTimeAsync(30_000);
    expect([state(), sent]).toEqual(['saved', 1]);
  });

  it('is not sent again over another one, until that is settled', async () => {
    failures = [refused(412)];
    autosave.changed();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(state()).toBe('conflict');
    autosave.changed();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([state(), sent, kept.at(-1)]).toEqual(['conflict', 0, false]);
    autosave.again();
    await vi.advanceTimersByTimeAsync(0);
    expect([state(), sent]).toEqual(['saved', 1]);
  });

  it('of a lost lease stays in the browser', async () => {
    failures = [refused(409)];
    autosave.changed();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([state(), sent, kept]).toEqual(['lost', 0, [false]]);
  });

  it('that the server does not accept is not sent in a circle', async () => {
    failures = [refused(413)];
    autosave.changed();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([state(), sent]).toEqual(['failed', 0]);
  });
});

describe('before a submission', () => {
  it('everything is sent at once', async () => {
    autosave.changed();
    expect(await autosave.flush()).toBe(true);
    expect([state(), sent]).toEqual(['saved', 1]);
  });

  it('nothing is sent that the server has', async () => {
    expect(await autosave.flush()).toBe(true);
    expect(sent).toBe(0);
  });

  it('it is said that the server has not everything', async () => {
    failures = [new Unreachable('away'), new Unreachable('away')];
    autosave.changed();
    expect(await autosave.flush()).toBe(false);
    expect(state()).toBe('offline');
  });
});
