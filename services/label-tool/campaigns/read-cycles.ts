// The cycles of a campaign with what people spent on them.
import type { CycleView } from '../dashboard-types.ts';
import { listCycles } from '../registry/ask-registry.ts';
import type { Registry } from '../registry/registry.ts';
import { cycleView } from '../views/cycle-view.ts';
import { peopleCosts } from './people-costs.ts';

export async function readCycles(registry: Registry, campaignId: string): Promise<CycleView[]> {
  const [cycles, costs] = await Promise.all([listCycles(registry, campaignId), peopleCosts(registry, campaignId)]);
  return cycles.map((cycle) => cycleView(cycle, costs.get(cycle.cycle) ?? null));
}
