// What people spent on each cycle of a campaign.
import type { PeopleCost } from '../dashboard-types.ts';
import { mayNow } from '../people/person.ts';
import { ask, pages, type Registry } from '../registry/registry.ts';
import { costView } from '../views/task-view.ts';

/** @returns by cycle; empty where no person labelled, as where the annotator is simulated, and for whom they are not to be seen */
export async function peopleCosts({ tasks: queue }: Registry, campaignId: string): Promise<Map<number, PeopleCost>> {
  // Each is somebody's: whoever only looks is not told.
  if (!mayNow('review')) return new Map();
  const costs = pages(async (page) => {
    const found = await ask(queue, queue.listAnnotationCosts, { campaignId, ...page });
    return { items: found.costs.map(costView), nextPageToken: found.nextPageToken };
  }, 1_000);
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
