// What the dashboard shows of a finished campaign beside what the registry says of it by gRPC.
import { expect } from 'vitest';
import type { AnnotationQueueClient } from '../../../../../proto/gen/cpral/v1/annotation.ts';
import type { PoolRegistryClient } from '../../../../../proto/gen/cpral/v1/pool_registry.ts';
import {
  countText,
  durationText,
  iouText,
  percentText,
  plural,
} from '../../../../../services/label-tool/page/plot/numbers.ts';
import { call } from '../../../../../services/shared/grpc/client.ts';
import { type BoardPage, cellsOf } from './board-page.ts';

const deadlineMs = 10_000;

/** @param page shows the campaign @param drawn how many tasks were labelled */
export async function expectNumbersOfRegistry(
  { page }: BoardPage,
  { registry: client, tasks }: { readonly registry: PoolRegistryClient; readonly tasks: AnnotationQueueClient },
  { campaignId, images, drawn }: { readonly campaignId: string; readonly images: number; readonly drawn: number },
): Promise<void> {
  const paged = { campaignId, pageSize: 1000, pageToken: '' };
  const { cycles } = await call(client.listCycles.bind(client), paged, { deadlineMs });
  const { costs } = await call(tasks.listAnnotationCosts.bind(tasks), paged, { deadlineMs });
  const summary = { campaignId };
  const { annotators } = await call(tasks.summarizeAnnotators.bind(tasks), summary, { deadlineMs });
  expect(cycles.map(({ cycle }) => cycle)).toEqual([0, 1, 2]);
  expect(costs).toHaveLength(drawn);
  const last = cycles.at(-1)!;
  const labelled = last.labelled!;

  // Nobody reloaded it: the events of the server brought it here.
  await page.getByText('Finished', { exact: true }).waitFor();
  const tile = (name: string) =>
    page
      .locator('.tile')
      .filter({ has: page.getByText(name, { exact: true }) })
      .locator('dd')
      .allTextContents();
  const seconds = costs.reduce((sum, { cost }) => sum + cost!.activeSeconds, 0);
  expect(seconds).toBeGreaterThan(0);
  expect((await tile('mIoU'))[0]).toBe(iouText(last.evaluation!.miou));
  expect(await tile('Labelled')).toEqual([
    percentText(labelled.fraction),
    `${plural(Number(labelled.regions), 'region')}, ${labelled.images} of ${images} images`,
  ]);
  expect((await tile('People'))[0]).toBe(durationText(seconds));
  await page.getByRole('button', { name: 'Learning curve as a table' }).click();
  expect((await cellsOf(page, 'Learning curve')).slice(1)).toEqual(
    cycles.map(({ cycle, labelled: at, evaluation }) => [
      campaignId,
      String(cycle + 1),
      percentText(at!.fraction),
      String(at!.images),
      iouText(evaluation!.miou),
    ]),
  );

  await page.getByRole('link', { name: 'Cost and gain' }).click();
  await page.getByRole('button', { name: 'Cost against gain as a table' }).click();
  const spent = (cycle: number) => costs.filter((each) => each.cycle === cycle);
  const bought = (cycle: number) => Number(cycles[cycle + 1]!.labelled!.pixels - cycles[cycle]!.labelled!.pixels);
  expect((await cellsOf(page, 'Cost and gain of each cycle')).slice(1).map((row) => row.slice(0, 6))).toEqual(
    [0, 1].map((cycle) => [
      String(cycle + 1),
      (spent(cycle).reduce((sum, { cost }) => sum + cost!.activeSeconds, 0) / 60).toFixed(1),
      countText(spent(cycle).reduce((sum, { cost }) => sum + Number(cost!.clicks), 0)),
      countText(bought(cycle)),
      iouText(cycles[cycle]!.evaluation!.miou),
      iouText(cycles[cycle + 1]!.evaluation!.miou),
    ]),
  );
  const rows = annotators.map(({ annotator, tasks: count, cost, pixels, returnedShare }) => [
    annotator,
    countText(Number(count)),
    '–',
    '–',
    percentText(returnedShare),
    durationText(cost!.activeSeconds),
    durationText(cost!.activeSeconds / Number(count)),
    countText(Number(cost!.clicks)),
    countText(Number(cost!.strokes)),
    countText(Number(pixels)),
  ]);
  expect((await cellsOf(page, 'Annotators')).slice(1)).toEqual(rows);
  expect(annotators.map(({ annotator }) => annotator)).toEqual(['Ada', 'Grace']);
  expect(annotators.reduce((sum, { tasks: count }) => sum + Number(count), 0)).toBe(drawn);
  expect(annotators.filter(({ returnedShare }) => returnedShare > 0)).toHaveLength(1);

  await page.getByRole('link', { name: 'All campaigns' }).click();
  const row = page.locator(`[data-campaign="${campaignId}"]`);
  await row.getByText('Finished').waitFor();
  await row.getByText(iouText(last.evaluation!.miou), { exact: true }).waitFor();
  await row.getByText(percentText(labelled.fraction), { exact: true }).waitFor();
}
