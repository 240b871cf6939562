import { describe, expect, it } from 'vitest';
import { watchReadiness } from '../../services/shared/readiness.ts';
import { logLines } from '../support/log-lines.ts';

const timeout = 10_000;
const never = new AbortController().signal;

describe('readiness', () => {
  it('comes when all checks pass, goes when one fails, and the log says each change once, with its cause', async () => {
    const { log, lines } = logLines('worker');
    let isAway = true;
    let asked = 0;
    const check = async () => {
      asked++;
      if (isAway) throw new Error('the disk is on holiday');
    };
    const readiness = watchReadiness({ checks: [{ name: 'objects', check }], log });
    try {
      await expect.poll(() => asked, { timeout }).toBeGreaterThan(1);
      expect(readiness.isReady()).toBe(false);
      isAway = false;
      expect(await readiness.until(true, never)).toBe(true);
      isAway = true;
      expect(await readiness.until(false, never)).toBe(true);
      expect(lines.map(({ msg, failing }) => [msg, failing])).toEqual([
        ['not ready', 'objects: the disk is on holiday'],
        ['ready', ''],
        ['not ready', 'objects: the disk is on holiday'],
      ]);
    } finally {
      readiness.close();
    }
  });

  it('says where somebody stopped waiting for it', async () => {
    const { log } = logLines('worker');
    const readiness = watchReadiness({
      checks: [{ name: 'never', check: () => Promise.reject(new Error('no')) }],
      log,
    });
    const stop = new AbortController();
    const waited = readiness.until(true, stop.signal);
    stop.abort();
    expect(await waited).toBe(false);
    readiness.close();
  });
});
