// Trained networks that this process keeps ready: shards of one cycle come one after the other with the same model.
import type { ScoringModel } from '../../../proto/gen/cpral/v1/panoptic_scorer.ts';
import type { NetworkConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { checkClassCount, checkSize } from '../check-spec.ts';
import { readBlob } from '../objects/blob.ts';
import { digestOf, type ObjectStore } from '../objects/object-store.ts';
import { checkNetwork } from './check-network.ts';
import { readSafetensors } from './safetensors.ts';
import { openScoringSession, type ScoringSession } from './scoring-session.ts';

/** Graphs with their weights in memory; the one that was not used for longest makes room. */
const MAX_OPEN_MODELS = 2;

interface OpenModel {
  readonly session: ScoringSession;
  /** Of the weights that are loaded. */
  digest: string | undefined;
}

/** By network, class count and image size, least recently used first. */
const openModels = new Map<string, OpenModel>();

/** The session stays this module's: do not dispose it, and do not use it after another model was opened. */
export async function openScoringModel(objects: ObjectStore, model: ScoringModel | undefined): Promise<ScoringSession> {
  const network = checkNetwork(model?.network);
  const size = checkSize(model?.size);
  const classCount = checkClassCount(model?.classCount ?? 0);
  const bytes = await readBlob(objects, model?.weights, 'model.weights');
  const digest = digestOf(bytes);

  const key = JSON.stringify([networkKey(network), classCount, size.height, size.width]);
  const open: OpenModel = openModels.get(key) ?? {
    session: openScoringSession({ network, classCount, size }),
    digest: undefined,
  };
  openModels.delete(key);
  openModels.set(key, open);
  if (open.digest !== digest) {
    open.digest = undefined;
    open.session.load(readSafetensors(bytes, 'model.weights'), 'model.weights');
    open.digest = digest;
  }
  evict();
  return open.session;
}

/** Frees every model; for processes that go on to something else, and for tests. */
export function closeScoringModels(): void {
  for (const { session } of openModels.values()) session[Symbol.dispose]();
  openModels.clear();
}

function evict(): void {
  for (const [key, { session }] of openModels) {
    if (openModels.size <= MAX_OPEN_MODELS) return;
    session[Symbol.dispose]();
    openModels.delete(key);
  }
}

function networkKey(network: NetworkConfig): unknown {
  return Object.entries(network).sort(([a], [b]) => (a < b ? -1 : 1));
}
