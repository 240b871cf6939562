// Scorers that come with work and go without it, by KEDA.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectl, podsOf, until } from './support/kubectl.ts';
import { install, isGoing, type Release } from './support/release.ts';
import { SETTINGS } from './support/settings.ts';

const hasKeda =
  (await kubectl('api-versions')).includes('keda.sh/v1alpha1') && (!SETTINGS.servers || SETTINGS.natsMonitoring);
if (!hasKeda) console.error('skipped: no KEDA here, or CPRAL_NATS_MONITORING is missing');

describe.skipIf(!hasKeda)('scorers under KEDA', () => {
  let release: Release;
  beforeAll(async () => {
    // Down at once, so that pods are told to end which have work in hand.
    const autoscaling = { mode: 'keda', minReplicas: 0, maxReplicas: 3, itemsPerReplica: 1, scaleDownSeconds: 1 };
    release = await install('keda', { keda: { pollingSeconds: 2 }, services: { 'panoptic-scorer': { autoscaling } } });
  });
  afterAll(() => release?.remove());

  const scorers = async () =>
    (await podsOf(release.namespace, 'panoptic-scorer')).filter((pod) => !isGoing(pod)).length;

  it('are none before there is work, come with it, lose none of it, and go', async () => {
    await until('no scorer', scorers, (count) => count === 0);
    await release.startCampaign('campaign', [
      '--dataset=synthetic:train=400,val=4,size=48x64',
      '--cycles=3',
      '--initial=4',
      '--budget=2',
      '--size=48x64',
      '--region=7',
      '--steps=10',
      '--batch=2',
      '--passes=8',
      '--encoder-weights=none',
      '--control=none',
    ]);
    await until('several scorers for the work', scorers, (count) => count > 1);
    const cycles = await release.campaignEnd('campaign');
    expect(cycles).toHaveLength(3);
    await until('no scorer again', scorers, (count) => count === 0);
  });
});
