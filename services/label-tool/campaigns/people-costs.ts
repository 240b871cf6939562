// What people spent on each cycle of a campaign.
import { CpralError } from '../../shared/errors.ts';
import type { PeopleCost, TaskCost } from '../dashboard-types.ts';
import { ask, pages, type Registry } from '../registry/registry.ts';
import { costView } from '../views/task-view.ts';

/** @returns by cycle; empty where no person labelled, as where the annotator is simulated */
export async function peopleCosts({ tasks }: Registry, campaignId: string): Promise<Map<number, PeopleCost>> {
  const costs = pages(async (page) => {
    const found = await ask(tasks, tasks.listAnnotationCosts, { campaignId, ...page });
    return { items: found.costs.map(costView), nextPageToken: found.nextPageToken };
  }, 1_000);
  try {
    return await sumByCycle(costs);
  } catch (error) {
    // A registry that hands no tasks to people has no costs of theirs either.
    if (error instanceof CpralError && error.code === 'UNIMPLEMENTED') return new Map();
    throw error;
  }
}

async function sumByCycle(costs: AsyncIterable<TaskCost>): Promise<Map<number, PeopleCost>> {
  const sums = new Map<number, PeopleCost>();
  for await (const cost of costs) {
    const { tasks = 0, activeSeconds = 0, clicks = 0, strokes = 0, pixels = 0 } = sums.get(cost.cycle) ?? {};
    sums.set(cost.cycle, {
      tasks: tasks + cost.tasks,
      activeSeconds: activeSeconds + cost.activeSeconds,
      clicks: clicks + cost.clicks,
      strokes: strokes + cost.strokes,
      pixels: pixels + cost.pixels,
    });
  }
  return sums;
}
