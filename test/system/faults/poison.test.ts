// Images that crash the compute process, hang it, or exhaust its memory, on real processes and servers.
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WorkItemState } from '../../../proto/gen/cpral/v1/resources.ts';
import { call } from '../../../services/shared/grpc/client.ts';
import { type Ground, startGround } from './ground.ts';
import { POISON } from './poison.ts';
import { startSystem } from './system.ts';
import { startTinyCampaign, TINY_CAMPAIGN, watchToEnd } from './tiny-campaign.ts';

const PROGRAM = path.resolve(import.meta.dirname, 'programs/poisoned-scorer.ts');
const LIMIT_MS = 240_000;
const CAUSES = {
  crash: /the compute process ended by SIGABRT/,
  hang: /no progress for 8 s/,
  swell: /MiB of memory, more than the 1536 MiB/,
};

let ground: Ground;
beforeAll(async () => {
  ground = await startGround();
});
afterAll(() => ground.close());

it(
  'are parked, each with its cause, and the campaign goes on without them',
  async () => {
    const system = await startSystem({ ground, leaseSeconds: 6, programs: { 'panoptic-scorer': PROGRAM } });
    try {
      const { registry } = system;
      const campaignId = await startTinyCampaign(registry, { ...TINY_CAMPAIGN, cycles: 2 });
      const { campaign, broken } = await watchToEnd(registry, campaignId, LIMIT_MS);
      expect(broken).toEqual([]);
      const expected = [...POISON].map(([imageId, bite]) => ({ imageId, cause: expect.stringMatching(CAUSES[bite]) }));
      expect(campaign.excludedImages).toMatchObject(expected);
      const states = [WorkItemState.WORK_ITEM_STATE_PARKED];
      const request = { campaignId, states, pageSize: 0, pageToken: '' };
      const { items } = await call(registry.listWorkItems.bind(registry), request, { deadlineMs: 10_000 });
      expect(items).toHaveLength(POISON.size);
    } finally {
      expect(await system.close()).toEqual([]);
    }
  },
  LIMIT_MS + 60_000,
);
