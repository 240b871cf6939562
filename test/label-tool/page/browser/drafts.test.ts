// What was drawn outlives a reload, a lost network and somebody else's change.
import type { Browser, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type LabelServer, startLabelServer } from '../support/label-server.ts';
import { greyPng } from '../support/scene.ts';
import { makeTask } from '../support/task-rules.ts';
import { openWorkbench, type WorkbenchPage } from '../support/workbench-page.ts';

const WINDOW = { top: 40, left: 60, height: 48, width: 64 };
const PIXELS = WINDOW.height * WINDOW.width;

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const start = () => startLabelServer([makeTask({ taskId: 't1', window: WINDOW })]);

/** A rectangle of the class, by its corners. */
async function fillRectangle(
  { page, click }: WorkbenchPage,
  [left, top, right, bottom]: readonly number[],
  key: string,
) {
  await page.keyboard.press('g');
  await page.keyboard.press(key);
  for (const [x, y] of [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ] as const)
    await click(x!, y!);
  await page.keyboard.press('Enter');
}

function rectangle([left, top, right, bottom]: readonly number[], id: number, over = new Uint8Array(PIXELS).fill(255)) {
  const mask = over.slice();
  for (let y = top!; y < bottom!; y++) mask.fill(id, y * WINDOW.width + left!, y * WINDOW.width + right!);
  return mask;
}

/** Somebody else's draft takes the place of what is there. */
function overtake(server: LabelServer, mask: Uint8Array): void {
  const task = server.tasks.get('t1')!;
  task.draft = greyPng(mask, WINDOW);
  task.change({ pictures: { ...task.task.pictures, draft: '/api/v1/tasks/t1/draft' } });
}

const drafts = (server: LabelServer) => server.requests.filter((line) => line === 'PUT /api/v1/tasks/t1/draft').length;

describe('a draft', () => {
  it('survives a reload in the middle, with its steps already on the server', async () => {
    await using server = await start();
    const workbench = await openWorkbench(browser, server, { window: WINDOW });
    await workbench.ready();
    await fillRectangle(workbench, [5, 5, 30, 20], '1');
    await workbench.saved();
    expect(server.mask('t1')).toEqual(rectangle([5, 5, 30, 20], 0));

    await workbench.page.reload();
    await workbench.ready();
    await workbench.page.getByText(/12\.2 %/).waitFor();
    await fillRectangle(workbench, [30, 20, 40, 40], '2');
    await workbench.saved();
    expect(server.mask('t1')).toEqual(rectangle([30, 20, 40, 40], 1, rectangle([5, 5, 30, 20], 0)));
    await workbench.context.close();
  });

  it('survives a reload before the server had it', async () => {
    await using server = await start();
    const workbench = await openWorkbench(browser, server, { window: WINDOW });
    await workbench.ready();
    server.failing = 503;
    await fillRectangle(workbench, [5, 5, 30, 20], '1');
    await workbench.page.locator('[data-save="offline"]').waitFor();
    expect(server.tasks.get('t1')!.draft).toBeUndefined();
    server.failing = undefined;
    await workbench.page.reload();
    await workbench.ready();
    await workbench.saved();
    expect(server.mask('t1')).toEqual(rectangle([5, 5, 30, 20], 0));
    await workbench.context.close();
  });

  it('is kept while the network is away, which is said, and sent when it is back', async () => {
    await using server = await start();
    const workbench = await openWorkbench(browser, server, { window: WINDOW });
    await workbench.ready();
    server.cutOff = true;
    await fillRectangle(workbench, [0, 0, 64, 24], '1');
    await workbench.page.getByText('Offline, kept here').waitFor();
    await fillRectangle(workbench, [0, 24, 64, 48], '2');
    await workbench.page.keyboard.press('Control+Enter');
    const notice = workbench.page.locator('.notice');
    await expect
      .poll(() => notice.textContent(), { timeout: 30_000 })
      .toMatch(/The server does not have your labels yet/);
    expect(server.tasks.get('t1')!.task.state).toBe('leased');

    server.cutOff = false;
    await workbench.saved();
    expect(server.mask('t1')).toEqual(rectangle([0, 24, 64, 48], 1, rectangle([0, 0, 64, 24], 0)));
    await workbench.page.keyboard.press('Control+Enter');
    await workbench.page.getByText('Nothing to label right now').waitFor();
    expect(server.tasks.get('t1')!.task.state).toBe('submitted');
    await workbench.context.close();
  });

  it('of somebody else is shown, and overwritten only when its user says so', async () => {
    await using server = await start();
    const workbench = await openWorkbench(browser, server, { window: WINDOW });
    await workbench.ready();
    const theirs = rectangle([0, 0, 64, 10], 3);
    overtake(server, theirs);
    await fillRectangle(workbench, [5, 5, 30, 20], '1');
    await workbench.page.getByText('This region was changed elsewhere').waitFor();
    expect(server.mask('t1')).toEqual(theirs);
    await workbench.page.getByRole('button', { name: 'Load the server’s' }).click();
    await workbench.saved();
    expect(server.mask('t1')).toEqual(theirs);

    // One step back are one's own labels.
    await workbench.page.keyboard.press('Control+z');
    await workbench.saved();
    expect(server.mask('t1')).toEqual(rectangle([5, 5, 30, 20], 0));

    overtake(server, theirs);
    await fillRectangle(workbench, [30, 20, 40, 40], '2');
    await workbench.page.getByRole('button', { name: 'Send mine instead' }).click();
    await workbench.saved();
    expect(server.mask('t1')).toEqual(rectangle([30, 20, 40, 40], 1, rectangle([5, 5, 30, 20], 0)));
    await workbench.context.close();
  });

  it('that never reached the server does not go over one that somebody made meanwhile', async () => {
    await using server = await start();
    const workbench = await openWorkbench(browser, server, { window: WINDOW });
    await workbench.ready();
    server.failing = 503;
    await fillRectangle(workbench, [5, 5, 30, 20], '1');
    await workbench.page.locator('[data-save="offline"]').waitFor();
    const theirs = rectangle([0, 0, 64, 10], 3);
    overtake(server, theirs);
    server.failing = undefined;
    await workbench.page.reload();
    await workbench.page.getByText('This region was changed elsewhere').waitFor();
    expect(server.mask('t1')).toEqual(theirs);
    await workbench.page.getByRole('button', { name: 'Send mine instead' }).click();
    await workbench.saved();
    expect(server.mask('t1')).toEqual(rectangle([5, 5, 30, 20], 0));
    await workbench.context.close();
  });

  it('whose answer was lost is no conflict with itself', async () => {
    await using server = await start();
    const workbench = await openWorkbench(browser, server, { window: WINDOW });
    await workbench.ready();
    // The server takes it, the answer gets lost.
    await workbench.page.route(
      '**/draft',
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await fillRectangle(workbench, [5, 5, 30, 20], '1');
    await workbench.page.locator('[data-save="offline"]').waitFor();
    await workbench.saved();
    expect(server.mask('t1')).toEqual(rectangle([5, 5, 30, 20], 0));
    await workbench.context.close();
  });

  it('is no conflict where the answer to a renewal was lost', async () => {
    await using server = await startLabelServer([makeTask({ taskId: 't1', window: WINDOW, leaseMs: 6_500 })]);
    const workbench = await openWorkbench(browser, server, { window: WINDOW });
    const lost = new Promise<void>((resolve) => {
      const lose = async (route: Route) => {
        await route.fetch();
        await route.abort();
        resolve();
      };
      void workbench.page.route('**/renew', lose, { times: 1 });
    });
    await workbench.ready();
    await lost;
    await fillRectangle(workbench, [5, 5, 30, 20], '1');
    await workbench.saved();
    expect(server.mask('t1')).toEqual(rectangle([5, 5, 30, 20], 0));
    expect(await workbench.page.getByRole('dialog').count()).toBe(0);
    await workbench.context.close();
  });

  it('in a browser without a database is on the server, and said to be unsafe without it', async () => {
    await using server = await start();
    const script = 'IDBFactory.prototype.open = () => { throw new Error("no database here"); };';
    const workbench = await openWorkbench(browser, server, { window: WINDOW, script });
    await workbench.ready();
    await fillRectangle(workbench, [5, 5, 30, 20], '1');
    await workbench.saved();
    server.cutOff = true;
    await fillRectangle(workbench, [30, 20, 40, 40], '2');
    await workbench.page.getByText('Not saved, keep this page open').waitFor();
    server.cutOff = false;
    await workbench.saved();
    expect(server.mask('t1')).toEqual(rectangle([30, 20, 40, 40], 1, rectangle([5, 5, 30, 20], 0)));
    await workbench.context.close();
  });

  it('of a lost lease is not sent any more, and the annotator goes on', async () => {
    await using server = await start();
    const workbench = await openWorkbench(browser, server, { window: WINDOW });
    await workbench.ready();
    server.tasks.get('t1')!.change({ state: 'leased', annotator: 'Grace' });
    server.tasks.get('t1')!.change({ state: 'cancelled' });
    await fillRectangle(workbench, [5, 5, 30, 20], '1');
    await workbench.page.getByText('This region is no longer yours').waitFor();
    const before = drafts(server);
    await workbench.page.getByRole('button', { name: 'Next region' }).click();
    await workbench.page.getByText('Nothing to label right now').waitFor();
    expect(drafts(server)).toBe(before);
    expect(server.tasks.get('t1')!.draft).toBeUndefined();
    await workbench.context.close();
  });

  it('makes one request of several quick strokes', async () => {
    await using server = await start();
    const workbench = await openWorkbench(browser, server, { window: WINDOW });
    await workbench.ready();
    await workbench.page.keyboard.press('b');
    for (let y = 5; y < 40; y += 10) await workbench.stroke([5, y], [50, y]);
    await workbench.saved();
    expect(drafts(server)).toBeLessThan(4);
    await workbench.context.close();
  });
});
