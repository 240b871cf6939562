// What a campaign selected and labelled: equal for equal campaigns, whatever happened meanwhile.
import { call } from '../../services/shared/grpc/client.ts';
import type { TestRegistry } from './registry.ts';

const deadlineMs = 10_000;
const page = { pageSize: 1000, pageToken: '' };

export async function outcome({ registry }: Pick<TestRegistry, 'registry'>, campaignId: string) {
  const { regions } = await call(registry.listRegions.bind(registry), { campaignId, ...page }, { deadlineMs });
  const { labels } = await call(
    registry.listLabels.bind(registry),
    { campaignId, imageIds: [], ...page },
    { deadlineMs },
  );
  return { regions, labels };
}
