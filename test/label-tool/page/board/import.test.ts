// Images dropped or chosen, on their way to the server.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBoard } from '../support/board/board-page.ts';
import { type BoardServer, importStatus, startBoardServer } from '../support/board/board-server.ts';
import { launchChromium } from '../support/chromium.ts';
import { json, problem } from '../support/label-server.ts';

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await launchChromium();
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'cpral-board-')), 'harbour');
  await mkdir(path.join(folder, 'train/images'), { recursive: true });
  await writeFile(path.join(folder, 'train/images/a.png'), 'one');
  await writeFile(path.join(folder, 'train/images/b.png'), 'three');
  await writeFile(path.join(folder, 'classes.json'), '[]');
  await writeFile(path.join(folder, '.DS_Store'), 'litter');
});
afterAll(async () => {
  await browser?.close();
  if (folder) await rm(path.dirname(folder), { recursive: true, force: true });
});

/** @returns the names and contents of what was uploaded */
function uploaded(server: BoardServer): string[] {
  const text = server.requests
    .filter(({ line }) => line === 'POST /imports/import-1/files')
    .map(({ body }) => body.toString())
    .join('');
  return [...text.matchAll(/filename="([^"]*)"\r\n[^\r]*\r\n\r\n([^\r]*)\r\n/g)]
    .map(([, name, content]) => `${name}: ${content}`)
    .sort();
}

describe('an import', () => {
  it('sends a chosen folder with its paths, follows the server, and leads to a campaign', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: '/import' });
    const { page } = board;
    await page.getByLabel('Folder').setInputFiles(folder);
    await page.getByText('3 files, 10 B').waitFor();
    expect(await page.getByLabel('Name of the dataset').inputValue()).toBe('harbour');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await expect
      .poll(() => server.requests.some(({ line }) => line.endsWith('/events') && line.includes('imports')))
      .toBe(true);
    expect(server.sent('POST /imports')).toEqual([{ format: 'masks', displayName: 'harbour' }]);
    expect(uploaded(server)).toEqual([
      'harbour/classes.json: []',
      'harbour/train/images/a.png: one',
      'harbour/train/images/b.png: three',
    ]);
    const push = (status: object) => server.push('/imports/import-1/events', 'import', importStatus(status));
    push({ state: 'importing', imagesDone: 30, imagesTotal: 120 });
    await page.getByText('25 % · 30 of 120 images').waitFor();
    expect(Number(await page.getByRole('progressbar').getAttribute('value'))).toBe(0.25);
    push({ state: 'succeeded', imagesTotal: 120, datasetId: 'harbour-1' });
    await page.getByRole('heading', { name: 'Harbour is imported' }).waitFor();
    await page.getByRole('link', { name: 'New campaign on it' }).click();
    await page.getByText('1,200 images to choose from').waitFor();
  });

  it('shows how much is uploaded', async () => {
    await using server = await startBoardServer();
    let open = () => {};
    server.held.set(
      'POST /imports/import-1/files',
      new Promise((resolve) => {
        open = resolve;
      }),
    );
    await using board = await openBoard(browser, server, { at: '/import' });
    await board.page
      .getByLabel('Files', { exact: true })
      .setInputFiles({ name: 'set.zip', mimeType: 'application/zip', buffer: Buffer.alloc(2_000_000) });
    expect(await board.page.getByLabel('Name of the dataset').inputValue()).toBe('set');
    await board.page.getByRole('button', { name: 'Import', exact: true }).click();
    await board.page.getByText('100 % · 2.0 MB of 2.0 MB').waitFor();
    open();
  });

  it('that is cancelled is deleted on the server', async () => {
    await using server = await startBoardServer();
    server.held.set('POST /imports/import-1/files', new Promise(() => {}));
    await using board = await openBoard(browser, server, { at: '/import' });
    await board.page.getByLabel('Folder').setInputFiles(folder);
    await board.page.getByRole('button', { name: 'Import', exact: true }).click();
    await expect.poll(() => server.requests.some(({ line }) => line.endsWith('/files'))).toBe(true);
    await board.page.getByRole('button', { name: 'Cancel' }).click();
    await board.page.getByRole('heading', { name: 'Cancelled' }).waitFor();
    await expect.poll(() => server.requests.map(({ line }) => line)).toContain('DELETE /imports/import-1');
    expect(server.requests.map(({ line }) => line)).not.toContain('POST /imports/import-1/start');
  });

  it('whose files are refused says why, and what was chosen is still there', async () => {
    await using server = await startBoardServer();
    server.answers.set('POST /imports/import-1/files', problem(413, 'Too large', 'expected at most 50 GB'));
    await using board = await openBoard(browser, server, { at: '/import' });
    await board.page.getByLabel('Folder').setInputFiles(folder);
    await board.page.getByRole('button', { name: 'Import', exact: true }).click();
    await board.page.getByText('Too large: expected at most 50 GB').waitFor();
    await board.page.getByRole('button', { name: 'Back to the files' }).click();
    await board.page.getByText('3 files, 10 B').waitFor();
  });

  it('that fails in the check says what the server found', async () => {
    await using server = await startBoardServer();
    const error = 'train/labels: expected a mask for a.png, got none';
    server.answers.set('POST /imports/import-1/start', json(202, importStatus({ state: 'failed', error })));
    await using board = await openBoard(browser, server, { at: '/import' });
    await board.page.getByLabel('Folder').setInputFiles(folder);
    await board.page.getByRole('button', { name: 'Import', exact: true }).click();
    await board.page.getByText(error).waitFor();
  });

  it('is not begun without files or without a name, and says so', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: '/import' });
    await board.page.getByRole('button', { name: 'Import', exact: true }).click();
    await board.page.getByText('Choose some files first').waitFor();
    await board.page.getByText('A name is needed').waitFor();
    expect(server.sent('POST /imports')).toEqual([]);
  });

  it('takes files that are dropped', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: '/import' });
    await board.page.getByText('Drop a folder or an archive here').waitFor();
    await board.page.evaluate(`{
      const data = new DataTransfer();
      data.items.add(new File(['abc'], 'street.tar.gz'));
      const zone = document.querySelector('.drop');
      for (const type of ['dragover', 'drop']) zone.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    }`);
    await board.page.getByText('1 file, 3 B').waitFor();
    expect(await board.page.getByLabel('Name of the dataset').inputValue()).toBe('street');
  });
});
