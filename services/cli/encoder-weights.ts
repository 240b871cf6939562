// The encoder's initial weights: the flag's file, or those that come with the installation.
import { readFile } from 'node:fs/promises';
import { about } from '../shared/about.ts';
import { invalid } from '../shared/errors.ts';
import { kerasMobilenetToSafetensors, NSFWJS_MODEL } from '../shared/model/keras-mobilenet.ts';
import { readSafetensors } from '../shared/model/safetensors.ts';

/**
 * @param flag a safetensors file, a Keras model of TensorFlow.js, "none", or undefined for the one that nsfwjs ships
 * @returns a safetensors file, or undefined for none: the encoder then starts at random
 */
export async function readEncoderWeights(flag: string | undefined): Promise<Uint8Array | undefined> {
  if (flag === 'none') return undefined;
  const source = flag ?? NSFWJS_MODEL;
  const read = source.endsWith('.safetensors') ? readFlag(source) : kerasMobilenetToSafetensors(source);
  return about('--encoder-weights', read);
}

async function readFlag(file: string): Promise<Uint8Array> {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw invalid(`expected a safetensors file, got ${file}: ${cause.code ?? cause.message}`, { cause });
  });
  readSafetensors(bytes, file);
  return bytes;
}
