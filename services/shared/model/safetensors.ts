// The safetensors format, float32 only: eight bytes of header length, a JSON header of names, shapes and places, the numbers.
// A file holds no code and no paths. See https://huggingface.co/docs/safetensors.
import { invalid } from '../errors.ts';
import { sizeOf } from '../graph/graph.ts';
import type { Weights, WeightTensor } from './weights.ts';

const LENGTH_BYTES = 8;
const NUMBER_BYTES = Float32Array.BYTES_PER_ELEMENT;
const MAX_HEADER_BYTES = 4 << 20;
export const MAX_SAFETENSORS_BYTES = 1 << 30;

interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Tensors are written by name, so equal weights give equal bytes. */
export function writeSafetensors(weights: Weights): Uint8Array {
  const names = [...weights.keys()].sort();
  const header: Record<string, unknown> = {};
  let offset = 0;
  for (const name of names) {
    const { shape, data } = weights.get(name)!;
    const end = offset + data.length * NUMBER_BYTES;
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = JSON.stringify(header);
  // Spaces behind the header bring the numbers to a multiple of eight bytes.
  const text = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8));
  const bytes = new Uint8Array(LENGTH_BYTES + text.length + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, LENGTH_BYTES);
  let position = LENGTH_BYTES + text.length;
  for (const name of names) {
    const { data } = weights.get(name)!;
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a file that nobody vouches for. Throws INVALID_ARGUMENT on anything that is not a well-formed float32 file.
 * @param source what the bytes are, for the error
 * @param isIgnored by name: tensors of any type that are left out
 */
export function readSafetensors(
  bytes: Uint8Array,
  source: string,
  isIgnored: (name: string) => boolean = () => false,
): Map<string, WeightTensor> {
  const { header, numbers } = split(bytes, source);
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => readEntry(name, value, { source, isIgnored }))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  let expected = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== expected) throw invalid(`${source}: ${name}: expected data at byte ${expected}, got ${begin}`);
    expected = end;
  }
  if (expected !== numbers.length) {
    throw invalid(`${source}: expected ${expected} bytes of numbers, got ${numbers.length}`);
  }
  // Copies, which also lie at addresses that a Float32Array can start at.
  return new Map(
    entries
      .filter(({ name }) => !isIgnored(name))
      .map(({ name, shape, begin, end }) => [
        name,
        { shape, data: new Float32Array(new Uint8Array(numbers.subarray(begin, end)).buffer) },
      ]),
  );
}

function split(bytes: Uint8Array, source: string): { header: Record<string, unknown>; numbers: Uint8Array } {
  if (bytes.length > MAX_SAFETENSORS_BYTES) {
    throw invalid(`${source}: expected at most ${MAX_SAFETENSORS_BYTES} bytes, got ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < LENGTH_BYTES ? Number.NaN : Number(view.getBigUint64(0, true));
  if (!(length <= MAX_HEADER_BYTES && LENGTH_BYTES + length <= bytes.length)) {
    throw invalid(`${source}: expected a safetensors file, got ${bytes.length} bytes without its header`);
  }
  const text = new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    throw invalid(`${source}: expected a safetensors header in JSON`, { cause });
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw invalid(`${source}: expected a safetensors header that is a JSON object`);
  }
  return { header: header as Record<string, unknown>, numbers: bytes.subarray(LENGTH_BYTES + length) };
}

function readEntry(
  name: string,
  value: unknown,
  { source, isIgnored }: { source: string; isIgnored: (name: string) => boolean },
): Entry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  const isRead = !isIgnored(name);
  if (isRead && dtype !== 'F32')
    throw invalid(`${source}: ${name}: expected the type F32, got ${JSON.stringify(dtype)}`);
  if (!isSizes(shape)) throw invalid(`${source}: ${name}: expected a shape, got ${JSON.stringify(shape)}`);
  if (!isSizes(offsets) || offsets.length !== 2) {
    throw invalid(`${source}: ${name}: expected two data_offsets, got ${JSON.stringify(offsets)}`);
  }
  const [begin, end] = offsets as [number, number];
  if (begin > end) throw invalid(`${source}: ${name}: expected data_offsets in order, got ${begin} and ${end}`);
  if (isRead && end - begin !== sizeOf(shape) * NUMBER_BYTES) {
    throw invalid(
      `${source}: ${name}: expected ${sizeOf(shape) * NUMBER_BYTES} bytes for [${shape}], got ${end - begin}`,
    );
  }
  return { name, shape, begin, end };
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
