import type { ObjectRef } from '../../proto/gen/cpral/v1/resources.ts';
import type { RegistryClient } from './client.ts';

/**
 * @param flag a safetensors file, a Keras or tfjs model, "none", or undefined for the weights that come with the installation
 * @returns undefined for none: the encoder then starts at random
 */
export async function uploadEncoderWeights(
  client: RegistryClient,
  flag: string | undefined,
): Promise<ObjectRef | undefined> {
  if (flag === 'none') return undefined;
  return client.uploadObject(await readWeights(flag));
}
