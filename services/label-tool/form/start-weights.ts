// The encoder's initial weights, stored once and named by every campaign that starts from them.
import type { CampaignConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { withEncoderWeights } from '../../shared/campaign/campaign-config.ts';
import { readEncoderWeights } from '../../shared/model/encoder-weights.ts';
import { onceItSucceeds } from '../../shared/once-it-succeeds.ts';
import type { Registry } from '../registry/registry.ts';
import { uploadObject } from '../registry/transfer.ts';

export type StartWeights = (config: CampaignConfig, isPretrained: boolean) => Promise<CampaignConfig>;

export function createStartWeights(registry: Registry, stopping: AbortSignal): StartWeights {
  const byNetwork = new Map<string, () => ReturnType<typeof store>>();

  async function store(network: NonNullable<NonNullable<CampaignConfig['training']>['network']>) {
    const weights = await readEncoderWeights(undefined, network);
    if (!weights) return undefined;
    const object = await uploadObject(registry, weights.safetensors, stopping);
    return { object, encoderConvention: weights.encoderConvention };
  }

  return async (config, isPretrained) => {
    const network = config.training?.network;
    if (!isPretrained || !network) return withEncoderWeights(config, undefined);
    // Which weights there are depends on the encoder alone.
    const stored = byNetwork.get(network.encoder) ?? onceItSucceeds(() => store(network));
    byNetwork.set(network.encoder, stored);
    return withEncoderWeights(config, await stored());
  };
}
