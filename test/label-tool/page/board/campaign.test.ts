// One campaign: every number on the page is one that the server gave.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellsOf, openBoard } from '../support/board/board-page.ts';
import { startBoardServer } from '../support/board/board-server.ts';
import { COMPARISON, makeDetail, summaryOf } from '../support/board/campaigns.ts';
import { makeCycle } from '../support/board/cycles.ts';
import { launchChromium } from '../support/chromium.ts';
import { problem } from '../support/label-server.ts';
import { SCENE_CLASSES } from '../support/scene.ts';

const AT = '/campaigns/streets-cpral';
const EVENTS = '/campaigns/streets-cpral/events';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

async function tableOf(page: Page, title: string): Promise<string[][]> {
  await page.getByRole('button', { name: `${title} as a table` }).click();
  return cellsOf(page, title);
}

describe('the learning curve', () => {
  it('has as a table the points of the campaign, of the control, and p95 and p90 of the reference', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: AT });
    const { cycleList } = server.data.campaigns[0]!;
    const [full] = COMPARISON.full;
    expect(await tableOf(board.page, 'Learning curve')).toEqual([
      ['Campaign', 'Cycle', 'Labelled', 'Images', 'mIoU'],
      ...cycleList.map(({ cycle, labelled, evaluation }) => [
        'streets-cpral',
        String(cycle + 1),
        `${(100 * labelled.fraction).toFixed(0)} %`,
        String(labelled.images),
        evaluation!.miou.toFixed(3),
      ]),
      ...COMPARISON.others[0]!.points.map(({ cycle, fraction, miou }) => [
        'streets-random',
        String(cycle + 1),
        `${(100 * fraction).toFixed(0)} %`,
        '–',
        miou.toFixed(3),
      ]),
      ...[1, 0.95, 0.9].map((share, at) => [
        ['all labels', 'p95', 'p90'][at],
        '–',
        '–',
        '–',
        (share * full!.miou).toFixed(3),
      ]),
    ]);
  });

  it('draws a mark for each point and a line for each share of the reference', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: AT });
    const chart = board.page.getByRole('img', { name: /^Learning curve of streets-cpral/ });
    await chart.locator('svg').waitFor();
    expect(await chart.locator('.mark-symbol.role-mark path').count()).toBe(3 + 4);
    expect(await chart.locator('.mark-rule.role-mark line').count()).toBe(3);
    for (const miou of server.data.campaigns[0]!.mious)
      await chart.getByText(miou.toFixed(3), { exact: true }).waitFor();
  });

  it('is compared with whom one chooses, and over images instead of shares', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: AT });
    const { page } = board;
    const chart = page.getByRole('img', { name: /^Learning curve of/ });
    await page.getByLabel('Compare with').selectOption({ label: 'streets-entropy (entropy, seed 3, other settings)' });
    await chart.getByText('streets-entropy').waitFor();
    await page.getByLabel('Compare with').selectOption({ label: 'nothing' });
    await chart.getByText('streets-entropy').waitFor({ state: 'detached' });
    await page.getByRole('radio', { name: 'Images' }).press('Space');
    await chart.getByText('images with a label').waitFor();
  });

  it('grows with the events of the server', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: AT });
    const cycle = makeCycle({ cycle: 3, quality: 0.7, last: true });
    const miou = cycle.evaluation!.miou.toFixed(3);
    await board.page.getByText('Live', { exact: true }).waitFor();
    const { mious, ...rest } = summaryOf(server.data.campaigns[0]!);
    server.push(EVENTS, 'cycle', cycle);
    server.push(EVENTS, 'campaign', { ...rest, mious: [...mious, cycle.evaluation!.miou], cycle: 3, step: 'train' });
    await board.page.locator('.tile').filter({ hasText: 'mIoU' }).getByText(miou).waitFor();
    expect((await tableOf(board.page, 'Learning curve'))[4]!.at(-1)).toBe(miou);
  });

  it('misses nothing that happens while the page is loaded', async () => {
    await using server = await startBoardServer();
    let open = () => {};
    server.held.set(
      `GET ${AT}`,
      new Promise((resolve) => {
        open = resolve;
      }),
    );
    await using board = await openBoard(browser, server, { at: AT });
    await expect.poll(() => server.requests.some(({ line }) => line === `GET ${EVENTS}`)).toBe(true);
    const cycle = makeCycle({ cycle: 3, quality: 0.7, last: true });
    server.push(EVENTS, 'cycle', cycle);
    open();
    await expect
      .poll(async () => (await board.page.getByRole('img', { name: /^Learning curve/ }).textContent()) ?? '')
      .toContain(cycle.evaluation!.miou.toFixed(3));
  });

  it('that has no model yet says when it begins', async () => {
    const campaign = makeDetail({ cycleList: [], mious: [], labelledFraction: 0, cycle: 0, step: 'initial-labels' });
    await using server = await startBoardServer({ campaigns: [campaign], comparison: { full: [], others: [] } });
    await using board = await openBoard(browser, server, { at: AT });
    await board.page.getByText('The first model is not trained yet').waitFor();
    await board.page.getByText('No campaign on all labels of this dataset').waitFor();
    expect(board.complaints).toEqual([]);
  });
});

describe('the other numbers', () => {
  it('of the phases are the seconds that the server gave', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: AT });
    const cells = await tableOf(board.page, 'Seconds of each phase');
    expect(cells[1]).toEqual(['1', '140.5', '31.3', '12.5', '6.0', '9.8', '3.0']);
  });

  it('of the classes are IoU by cycle, what was labelled against the prediction, and the confusion', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: `${AT}/classes` });
    const { cycleList } = server.data.campaigns[0]!;
    const iou = await tableOf(board.page, 'IoU of each class over the cycles');
    expect(iou.slice(1)).toEqual(
      SCENE_CLASSES.map(({ id, name }) => [
        name,
        ...cycleList.map(({ evaluation }) => evaluation!.iou[id]!.toFixed(3)),
      ]),
    );

    await board.page.getByRole('button', { name: 'What cycle 2 labelled as a table' }).click();
    const shares = await cellsOf(board.page, 'Classes of the labelled pixels against the prediction');
    expect(shares.slice(1).map((row) => row[1])).toEqual(
      cycleList[1]!.picks!.classPixels.map((pixels) => pixels.toLocaleString('en')),
    );

    const { confusion } = cycleList[2]!.evaluation!;
    const percent = await cellsOf(board.page, 'Confusion matrix, percent of the true class');
    const sky = confusion.slice(0, SCENE_CLASSES.length);
    const sum = sky.reduce((all, count) => all + count, 0);
    expect(percent[1]!.slice(0, 2)).toEqual(['Sky', String(Math.round((100 * sky[0]!) / sum))]);
    await board.page.getByRole('radio', { name: 'px' }).press('Space');
    expect((await cellsOf(board.page, 'Confusion matrix, pixels'))[1]![1]).toBe(`${Math.round(sky[0]! / 1000)}K`);
    expect(await board.page.getByTitle(/^Sky taken for Building/).getAttribute('title')).toContain(
      `${sky[1]!.toLocaleString('en')} px`,
    );
  });

  it('of another cycle are shown when it is chosen', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: `${AT}/classes` });
    await board.page.getByRole('combobox', { name: 'Cycle' }).selectOption('0');
    await board.page.getByRole('heading', { name: 'What cycle 1 labelled' }).waitFor();
    await board.page.getByRole('heading', { name: 'Confusion of the model of cycle 1' }).waitFor();
  });

  it('of the cost are minutes, clicks and pixels of each cycle beside what they gained', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: `${AT}/cost` });
    const { cycleList, mious } = server.data.campaigns[0]!;
    await board.page.getByRole('button', { name: 'Cost against gain as a table' }).click();
    const cells = await cellsOf(board.page, 'Cost and gain of each cycle');
    const [before, after] = mious as [number, number];
    expect(cells[1]).toEqual([
      '1',
      (cycleList[0]!.cost!.activeSeconds / 60).toFixed(1),
      cycleList[0]!.cost!.clicks.toLocaleString('en'),
      '864,000',
      before.toFixed(3),
      after.toFixed(3),
      `+${(100 * (after - before)).toFixed(1)}`,
    ]);
    expect((await cellsOf(board.page, 'Annotators'))[1]).toEqual([
      'Ada',
      '812',
      '0.882',
      '0.914',
      '2.1 %',
      '1 h 21 min',
      '6 s',
      '9,744',
      '2,436',
      '429,548',
    ]);
    const csv = board.page.getByRole('link', { name: 'Costs as CSV' });
    expect(await csv.getAttribute('href')).toBe('/api/v1/costs.csv?campaignId=streets-cpral');
  });
});

describe('the selection', () => {
  it('shows what a cycle picked, framed, and its maps when they are asked for', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: `${AT}/selection` });
    const { page } = board;
    const items = page.locator('.gallery li');
    await items.nth(2).waitFor();
    expect(await items.nth(2).locator('rect.frame').count()).toBe(server.data.selection.images[2]!.regions.length);
    expect(await items.locator('canvas').count()).toBe(0);
    for (const layer of ['Uncertainty', 'Prediction', 'Label given', 'Extended']) {
      await page.getByRole('radio', { name: layer }).press('Space');
      await items.nth(2).locator('[data-map="ready"]').waitFor();
    }
    await page.getByRole('button', { name: 'More images' }).click();
    await items.nth(5).waitFor();
    expect(await items.count()).toBe(6);
    expect(await page.getByRole('button', { name: 'More images' }).count()).toBe(0);
    expect(board.complaints).toEqual([]);
  });

  it('colours a label by the classes of the dataset, pixel by pixel', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: `${AT}/selection` });
    await board.page.getByRole('radio', { name: 'Label given' }).press('Space');
    const map = board.page.locator('.gallery [data-map="ready"]').first();
    await map.waitFor();
    const { top, left } = server.data.selection.images[0]!.regions[0]!;
    const colors = await board.page.evaluate(
      `[[${left}, ${top}], [0, 0]].map(([x, y]) => [...document.querySelector('.gallery canvas').getContext('2d').getImageData(x, y, 1, 1).data])`,
    );
    // A building, and nothing where nobody labelled.
    expect(colors).toEqual([
      [0x8a, 0x5a, 0x44, 255],
      [0, 0, 0, 0],
    ]);
  });

  it('opens large, goes on by the arrow keys, and gives the focus back', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: `${AT}/selection` });
    const { page } = board;
    const [first, second] = server.data.selection.images;
    await page.getByRole('button', { name: `Enlarge ${first!.imageId}` }).press('Enter');
    await page.getByRole('dialog', { name: first!.imageId }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('dialog', { name: second!.imageId }).waitFor();
    await page.getByRole('dialog').getByRole('radio', { name: 'Extended' }).press('Space');
    await page.locator('dialog [data-map="ready"]').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toContain(first!.imageId);
  });

  it('of the cycle that is being annotated is there before its labels are', async () => {
    const campaign = makeDetail({ step: 'annotate' });
    await using server = await startBoardServer({ campaigns: [campaign] });
    await using board = await openBoard(browser, server, { at: `${AT}/selection` });
    await board.page.locator('.gallery li').first().waitFor();
    expect(await board.page.getByRole('combobox', { name: 'Cycle' }).inputValue()).toBe('2');
  });

  it('says of a map that it cannot be loaded, and shows the image', async () => {
    await using server = await startBoardServer();
    const { imageId } = server.data.selection.images[0]!;
    server.answers.set(`GET /pictures/${imageId}/entropy`, problem(404, 'No such picture', ''));
    await using board = await openBoard(browser, server, { at: `${AT}/selection` });
    await board.page.getByRole('radio', { name: 'Uncertainty' }).press('Space');
    await board.page.getByText('This map could not be loaded').waitFor();
    expect(await board.page.locator('.gallery [data-map="failed"]').count()).toBe(1);
  });
});

describe('what can be done to a campaign', () => {
  it('is pausing and resuming, each with the tag of what was seen', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: AT });
    const { page } = board;
    const tag = server.data.campaigns[0]!.etag;
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused', { exact: true }).waitFor();
    const paused = server.data.campaigns[0]!.etag;
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Running', { exact: true }).waitFor();
    const made = server.requests.filter(({ line }) => /^POST .*(pause|resume)$/.test(line));
    expect(made.map(({ etag }) => etag)).toEqual([tag, paused]);
  });

  it('is stopping, but only after a question that can be answered no', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: AT });
    const { page } = board;
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('dialog', { name: 'Stop streets-cpral?' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(server.sent(`POST ${AT}/cancel`)).toEqual([]);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Stop the campaign' }).click();
    await page.getByText('Stopped', { exact: true }).waitFor();
    expect(server.sent(`POST ${AT}/cancel`)).toHaveLength(1);
    expect(await page.getByRole('button', { name: 'Stop' }).count()).toBe(0);
  });

  it('that is refused leaves all as it is and says why; a repeated request is the same one', async () => {
    await using server = await startBoardServer();
    server.answers.set(`POST ${AT}/pause`, problem(412, 'Changed meanwhile', 'the campaign has finished'));
    await using board = await openBoard(browser, server, { at: AT });
    const pause = board.page.getByRole('button', { name: 'Pause' });
    await pause.click();
    await board.page.getByText('Changed meanwhile: the campaign has finished').waitFor();
    await pause.click();
    await expect.poll(() => server.sent(`POST ${AT}/pause`).length).toBe(2);
    const ids = server.sent(`POST ${AT}/pause`).map((body) => (body as { requestId: string }).requestId);
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(ids[1]).toBe(ids[0]);
  });

  it('offers nothing of it where it has ended, and asks for no more events', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: '/campaigns/streets-random' });
    await board.page.getByText('Live', { exact: true }).waitFor();
    server.push('/campaigns/streets-random/events', 'end', {});
    await board.page.getByText('Complete', { exact: true }).waitFor();
    expect(await board.page.getByRole('button', { name: /Pause|Resume|Stop/ }).count()).toBe(0);
    expect(server.requests.filter(({ line }) => line.endsWith('random/events'))).toHaveLength(1);
  });
});

describe('parked work and models', () => {
  it('has its cause and images, and is tried again one by one or all together', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: `${AT}/work` });
    const { page } = board;
    await page.getByText('the image cannot be decoded, expected a PNG or JPEG').waitFor();
    const cells = await cellsOf(page, 'Parked work');
    expect(cells[1]!.slice(0, 2)).toEqual(['Annotation', '2']);
    expect(cells[1]!.slice(3, 5)).toEqual(['0006R0_f02910', '5']);
    await page.getByRole('button', { name: 'Try again: annotation item-31' }).click();
    await page.getByText('1 item will be tried again.').waitFor();
    await page.getByRole('button', { name: 'Try all again' }).click();
    await page.getByText('Nothing is parked.').waitFor();
    expect(server.sent('POST /work/redrive')).toMatchObject([
      { itemIds: ['item-31'] },
      { campaignId: 'streets-cpral' },
    ]);
  });

  it('offers each model as a file', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: `${AT}/work` });
    const link = board.page.getByRole('link', { name: '12.3 MB, the model of cycle 2' });
    expect(await link.getAttribute('href')).toBe('/api/v1/models/model-1/weights');
    expect(await link.getAttribute('download')).not.toBeNull();
  });
});

describe('a campaign that is not there', () => {
  it('is said to be so', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: '/campaigns/nobody' });
    await board.page.getByRole('heading', { name: 'nobody could not be loaded' }).waitFor();
    await board.page.getByText('No such campaign: nobody').waitFor();
  });
});
