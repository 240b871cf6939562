// Labels under review.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellsOf, openBoard } from '../support/board/board-page.ts';
import { startBoardServer } from '../support/board/board-server.ts';
import { launchChromium } from '../support/chromium.ts';
import { problem } from '../support/label-server.ts';

const WHO = { at: '/review', reviewer: 'Linus' } as const;

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

describe('the review', () => {
  it('begins with the label that a confident model contradicts most, and says how much', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, WHO);
    const rows = board.page.locator('[data-task]');
    await rows.first().waitFor();
    expect(
      await board.page.evaluate('[...document.querySelectorAll("[data-task]")].map((row) => row.dataset.task)'),
    ).toEqual(['r2', 'r1', 'r3']);
    await rows.first().getByText('24 % differs').waitFor();
    await board.page.getByText('3 waiting').waitFor();
  });

  it('lays the label over its window, pixel by pixel, and the maps of the model over the picture', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, WHO);
    const { page } = board;
    await page.locator('[data-map="ready"]').waitFor();
    const { window, size } = server.data.reviews.tasks[1]!.task;
    const [map, picture] = await Promise.all([
      page.locator('.opinion canvas').boundingBox(),
      page.locator('.opinion .picture').boundingBox(),
    ]);
    expect((map!.x - picture!.x) / picture!.width).toBeCloseTo(window.left / size.width, 2);
    expect(map!.height / picture!.height).toBeCloseTo(window.height / size.height, 2);
    // The car was labelled as fence.
    const [x, y] = [166 - window.left, 128 - window.top];
    const color = `[...document.querySelector('.opinion canvas').getContext('2d').getImageData(${x}, ${y}, 1, 1).data]`;
    expect(await page.evaluate(color)).toEqual([0x5f, 0x74, 0x80, 255]);
    await page.keyboard.press('2');
    await page.locator('.opinion canvas[data-map="ready"]').waitFor();
    await expect.poll(() => page.evaluate('document.querySelector(".opinion canvas").width')).toBe(size.width);
  });

  it('makes the label fainter and stronger by keys and by the slider', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, WHO);
    await board.page.locator('[data-map="ready"]').waitFor();
    const opacity = () => board.page.evaluate('document.querySelector(".opinion canvas").style.opacity');
    for (let i = 0; i < 3; i++) await board.page.keyboard.press('[');
    expect(await opacity()).toBe('0.3');
    await board.page.keyboard.press(']');
    expect(await opacity()).toBe('0.4');
    await board.page.getByLabel('Opacity').press('End');
    expect(await opacity()).toBe('1');
  });

  it('shows a second opinion beside the first', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, WHO);
    await board.page.locator('[data-map="ready"]').waitFor();
    await board.page.keyboard.press('j');
    const opinions = board.page.locator('.opinion');
    await opinions.nth(1).locator('[data-map="ready"]').waitFor();
    expect(await opinions.count()).toBe(2);
    expect(await opinions.locator('figcaption').allTextContents()).toEqual(['Ada', 'Grace · second opinion']);
  });

  it('accepts by a key, with the name and the tag, and goes on with the next', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, WHO);
    const { page } = board;
    await page.locator('[data-map="ready"]').waitFor();
    await page.keyboard.press('a');
    await page.getByText('2 waiting').waitFor();
    const [made] = server.requests.filter(({ line }) => line === 'POST /tasks/r2/review');
    expect(made!.etag).toBe('"r2-1"');
    expect(server.sent('POST /tasks/r2/review')).toEqual([
      { requestId: expect.stringMatching(/^[0-9a-f]{32}$/), accept: true, note: '', reviewer: 'Linus' },
    ]);
    expect(await page.locator('[data-task="r1"]').getAttribute('aria-current')).toBe('true');
  });

  it('sends back only with a note, all of it by the keyboard', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, WHO);
    const { page } = board;
    await page.locator('[data-map="ready"]').waitFor();
    await page.keyboard.press('r');
    await page.getByRole('dialog', { name: 'Send back to Grace' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('A note is needed').waitFor();
    await page.keyboard.type('A car, not a fence');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(server.sent('POST /tasks/r2/review')).toMatchObject([{ accept: false, note: 'A car, not a fence' }]);
    await page.getByText('Sent back to Grace.').waitFor();
  });

  it('keeps a label that the server does not let this person decide, and says why', async () => {
    await using server = await startBoardServer();
    server.answers.set('POST /tasks/r2/review', problem(409, 'Not yours to review', 'the reviewer is the annotator'));
    await using board = await openBoard(browser, server, { ...WHO, reviewer: 'Grace' });
    await board.page.locator('[data-map="ready"]').waitFor();
    await board.page.getByRole('button', { name: 'Accept' }).click();
    await board.page.getByText('Not yours to review: the reviewer is the annotator').waitFor();
    await board.page.getByText('3 waiting').waitFor();
  });

  it('decides nothing without a name', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: '/review' });
    await board.page.locator('[data-map="ready"]').waitFor();
    await board.page.keyboard.press('a');
    await board.page.getByText('Type your name first: a decision has one.').waitFor();
    expect(server.sent('POST /tasks/r2/review')).toEqual([]);
    await board.page.getByLabel('Reviewer').fill('Ara');
    await board.page.getByText('3 waiting').waitFor();
    expect(server.sent('POST /tasks/r2/review')).toEqual([]);
  });

  it('asks anew where a label was changed meanwhile', async () => {
    await using server = await startBoardServer();
    server.answers.set('POST /tasks/r2/review', problem(412, 'Changed meanwhile', 'somebody else decided it'));
    await using board = await openBoard(browser, server, WHO);
    await board.page.locator('[data-map="ready"]').waitFor();
    const { tasks } = server.data.reviews;
    server.data.reviews = { tasks: tasks.filter(({ task }) => task.taskId !== 'r2'), suspicious: [] };
    await board.page.keyboard.press('a');
    await board.page.getByText('2 waiting').waitFor();
  });

  it('shows of each annotator agreement, gold, time and clicks', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, WHO);
    await board.page.getByText('812').waitFor();
    const [, ada, grace] = await cellsOf(board.page, 'Annotators');
    expect(ada).toEqual(['Ada', '812', '0.882', '0.914', '2.1 %', '1 h 21 min', '6 s', '9,744', '2,436', '429,548']);
    expect(grace![3]).toBe('–');
    expect(await board.page.getByRole('link', { name: 'Costs as CSV' }).getAttribute('href')).toBe('/api/v1/costs.csv');
  });

  it('that is empty says so and looks again when asked', async () => {
    await using server = await startBoardServer({ reviews: { tasks: [], suspicious: [] } });
    await using board = await openBoard(browser, server, WHO);
    await board.page.getByRole('heading', { name: 'Nothing waits for review' }).waitFor();
    server.answers.set('GET /tasks', problem(500, 'Out of order', ''));
    await board.page.getByRole('button', { name: 'Look again' }).click();
    await board.page.getByRole('heading', { name: 'The labels could not be loaded' }).waitFor();
  });
});
