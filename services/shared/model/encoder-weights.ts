// The encoder's initial weights: the flag's file, or those that come with the installation; and by which convention they were
// trained.
import { readFile } from 'node:fs/promises';
import { EncoderConvention, type NetworkConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { about } from '../about.ts';
import { invalid } from '../errors.ts';
import { kerasMobilenetToSafetensors, NSFWJS_MODEL } from './keras-mobilenet.ts';
import { encoderParameters } from './network-parameters.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import { encoderFromTorch, isTorchCounter, isTorchState } from './torch-weights.ts';
import { checkWeights } from './weights.ts';

/** The only encoder that Keras models, and the one that nsfwjs ships, are of. */
const KERAS_ENCODER = 'mobilenetv2';

export interface EncoderWeights {
  /** A file with the tensors of this network's encoder. */
  readonly safetensors: Uint8Array;
  readonly encoderConvention: EncoderConvention;
}

/**
 * @param flag a safetensors file, a Keras model of TensorFlow.js, "none", or undefined for the one that nsfwjs ships
 * @param network whose encoder they are for
 * @returns undefined for none: the encoder then starts at random
 */
export async function readEncoderWeights(
  flag: string | undefined,
  network: NetworkConfig,
): Promise<EncoderWeights | undefined> {
  if (flag === 'none' || (flag === undefined && network.encoder !== KERAS_ENCODER)) return undefined;
  const source = flag ?? NSFWJS_MODEL;
  return about(
    '--encoder-weights',
    source.endsWith('.safetensors') ? readFlag(source, network) : keras(source, network),
  );
}

async function keras(source: string, { encoder }: NetworkConfig): Promise<EncoderWeights> {
  if (/\.(pth|pt|ckpt)$/.test(source)) {
    throw invalid(`expected a safetensors file, got ${source}; docs/weights.md says how a file of PyTorch becomes one`);
  }
  if (encoder !== KERAS_ENCODER) {
    throw invalid(
      `expected a safetensors file for ${encoder}, got ${source}: Keras models are read for ${KERAS_ENCODER}`,
    );
  }
  const encoderConvention =
    source === NSFWJS_MODEL
      ? EncoderConvention.ENCODER_CONVENTION_UNSPECIFIED
      : EncoderConvention.ENCODER_CONVENTION_KERAS;
  return { safetensors: await kerasMobilenetToSafetensors(source), encoderConvention };
}

async function readFlag(file: string, network: NetworkConfig): Promise<EncoderWeights> {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw invalid(`expected a safetensors file, got ${file}: ${cause.code ?? cause.message}`, { cause });
  });
  const weights = readSafetensors(bytes, file, isTorchCounter);
  if (!isTorchState(weights)) {
    checkWeights(encoderParameters(network), weights, file);
    return { safetensors: bytes, encoderConvention: network.encoderConvention };
  }
  return {
    safetensors: writeSafetensors(encoderFromTorch(weights, network, file)),
    encoderConvention: EncoderConvention.ENCODER_CONVENTION_PYTORCH,
  };
}
