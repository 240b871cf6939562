// A work item as the dashboard has it. Pure.
import type { WorkItem } from '../../../proto/gen/cpral/v1/resources.ts';
import type { WorkView } from '../dashboard-types.ts';
import { isoOf } from './times.ts';
import { stepWord, workStateWord } from './words.ts';

export function workView(item: WorkItem): WorkView {
  const { itemId, campaignId, cycle, kind, attempts, failures, worker, cause, unitsDone, unitsTotal } = item;
  return {
    ...{ itemId, campaignId, cycle, kind, attempts, failures, worker, cause, unitsDone, unitsTotal },
    step: stepWord(item.step),
    state: workStateWord(item.state),
    createdAt: isoOf(item.createTime) ?? '',
    leaseExpiresAt: isoOf(item.leaseExpireTime) ?? null,
  };
}
