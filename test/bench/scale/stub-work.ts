// Work without a model: results of the right shape, at once.
import { createHash } from 'node:crypto';
import type { PoolRegistryClient } from '../../../proto/gen/cpral/v1/pool_registry.ts';
import type { WorkLease, WorkQueueClient, WorkResult, WorkSpec } from '../../../proto/gen/cpral/v1/work.ts';
import { call } from '../../../services/shared/grpc/client.ts';
import { digestOf } from '../../../services/shared/objects/object-store.ts';

const deadlineMs = 300_000;
type Clients = { readonly registry: PoolRegistryClient; readonly queue: WorkQueueClient };

export function stubResult({ spec }: WorkSpec, campaignId: string): WorkResult {
  switch (spec?.$case) {
    case 'rate': {
      const ratings = spec.value.images.map(({ imageId }) => ({ imageId, rating: hashed(imageId) }));
      return { result: { $case: 'rate', value: { ratings, embeddings: undefined } } };
    }
    case 'train': {
      const ofClasses = Array.from({ length: spec.value.classCount }, () => 1n);
      const confusion = ofClasses.flatMap(() => ofClasses);
      const iou = ofClasses.map(() => 0.5);
      const evaluation = { miou: 0.5, iou, pixelAccuracy: 0.5, confusion, predictedPixels: ofClasses };
      const value = { weights: stubObject(campaignId), evaluation, loss: 1, steps: 1, lossCurve: [] };
      return { result: { $case: 'train', value } };
    }
    case 'findRegions':
      return { result: { $case: 'findRegions', value: { candidates: [], previews: [], disputedImages: 0 } } };
    case 'annotate': {
      const pixels = BigInt((spec.value.size?.height ?? 0) * (spec.value.size?.width ?? 0));
      const masks = { classes: stubObject('classes'), origins: stubObject('origins') };
      const labels = spec.value.tasks.map(({ imageId }) => ({
        ...{ imageId, masks, labelledPixels: pixels, voidPixels: 0n, extendedPixels: 0n, cycle: 0 },
      }));
      const quality = { pickedPixels: pixels, voidPixels: 0n, classPixels: [] };
      return { result: { $case: 'annotate', value: { labels, quality } } };
    }
    default:
      throw new Error(`no stub for ${spec?.$case}`);
  }
}

/** A reference to nothing: stubs read no objects. */
export function stubObject(name: string) {
  return { digest: digestOf(Buffer.from(name)), sizeBytes: 1n };
}

function hashed(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32LE(0) / 2 ** 32;
}

export async function openItems({ registry }: Clients, campaignId: string, pageSize: number): Promise<string[]> {
  const request = { campaignId, states: [], pageSize, pageToken: '' };
  const { items } = await call(registry.listWorkItems.bind(registry), request, { deadlineMs });
  return items.map(({ itemId }) => itemId);
}

export async function lease({ queue }: Clients, itemId: string): Promise<WorkLease> {
  const answer = await call(queue.leaseWorkItem.bind(queue), { itemId, worker: 'bench' }, { deadlineMs });
  if (!answer.lease) throw new Error(`no lease for ${itemId}`);
  return answer.lease;
}

/** @returns milliseconds that the registry took to commit: for the last item of a step, until the next step is entered */
export async function complete(
  { queue }: Clients,
  { itemId, leaseToken, spec, campaignId }: WorkLease,
): Promise<number> {
  const request = {
    itemId,
    leaseToken,
    result: stubResult(spec ?? { spec: undefined }, campaignId),
    computeSeconds: 1,
  };
  const start = performance.now();
  await call(queue.completeWorkItem.bind(queue), request, { deadlineMs });
  return performance.now() - start;
}

/** Does one open item of a campaign whose other work is done. */
export async function finish(clients: Clients, campaignId: string): Promise<number> {
  const [itemId] = await openItems(clients, campaignId, 1);
  if (itemId === undefined) throw new Error(`campaign ${campaignId} has no open work`);
  return complete(clients, await lease(clients, itemId));
}
