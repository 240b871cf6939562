// The chunks of a PNG (https://www.w3.org/TR/png-3/#5Chunk-layout), each checked against its length and its checksum.
// What decides whether and how to decode is here: size, bit depth, colour type, animation.
import { crc32 } from 'node:zlib';
import { type CpralError, invalid } from '../errors.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Length and type before the data, checksum after it. */
const CHUNK_OVERHEAD_BYTES = 12;
const IHDR_BYTES = 13;

export type PngColorType = 'grey' | 'RGB' | 'palette' | 'grey with alpha' | 'RGB with alpha';

const COLOR_TYPES = new Map<number, PngColorType>([
  [0, 'grey'],
  [2, 'RGB'],
  [3, 'palette'],
  [4, 'grey with alpha'],
  [6, 'RGB with alpha'],
]);

interface PngChunk {
  readonly type: string;
  readonly data: Uint8Array;
}

export interface PngFile {
  readonly height: number;
  readonly width: number;
  readonly bitDepth: number;
  readonly colorType: PngColorType;
  readonly animated: boolean;
  readonly chunks: readonly PngChunk[];
}

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/** Reads the chunks up to IEND without decoding pixels. Throws INVALID_ARGUMENT where the file ends early or a checksum differs. */
export function readPng(bytes: Uint8Array): PngFile {
  const chunks: PngChunk[] = [];
  for (let at = SIGNATURE.length; chunks.at(-1)?.type !== 'IEND'; at += chunkBytes(chunks)) {
    chunks.push(readChunk(bytes, at));
  }
  const header = chunks[0]!;
  if (header.type !== 'IHDR' || header.data.length !== IHDR_BYTES) {
    throw invalid(`expected a PNG that begins with its header IHDR, got ${printable(header.type)}`);
  }
  const view = dataView(header.data);
  const colorType = COLOR_TYPES.get(view.getUint8(9));
  if (colorType === undefined) throw invalid(`expected a PNG of a known colour type, got ${view.getUint8(9)}`);
  return {
    width: view.getUint32(0),
    height: view.getUint32(4),
    bitDepth: view.getUint8(8),
    colorType,
    animated: chunks.some((chunk) => chunk.type === 'acTL'),
    chunks,
  };
}

function readChunk(bytes: Uint8Array, at: number): PngChunk {
  if (at + CHUNK_OVERHEAD_BYTES > bytes.length) throw truncated(bytes);
  const view = dataView(bytes);
  const length = view.getUint32(at);
  if (at + CHUNK_OVERHEAD_BYTES + length > bytes.length) throw truncated(bytes);
  const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
  const checksum = crc32(bytes.subarray(at + 4, at + 8 + length));
  if (checksum !== view.getUint32(at + 8 + length)) {
    throw invalid(`expected an intact PNG, got one whose ${printable(type)} chunk at byte ${at} fails its checksum`);
  }
  return { type, data: bytes.subarray(at + 8, at + 8 + length) };
}

const chunkBytes = (chunks: readonly PngChunk[]) => CHUNK_OVERHEAD_BYTES + chunks.at(-1)!.data.length;

function truncated(bytes: Uint8Array): CpralError {
  return invalid(`expected a whole PNG, got one that is truncated after ${bytes.length} bytes`);
}

/** Writes the chunks of a PNG. */
export function writePng(chunks: readonly PngChunk[]): Uint8Array {
  const out = new Uint8Array(
    chunks.reduce((sum, { data }) => sum + CHUNK_OVERHEAD_BYTES + data.length, SIGNATURE.length),
  );
  const view = dataView(out);
  out.set(SIGNATURE);
  let at = SIGNATURE.length;
  for (const { type, data } of chunks) {
    view.setUint32(at, data.length);
    out.set(Buffer.from(type, 'latin1'), at + 4);
    out.set(data, at + 8);
    view.setUint32(at + 8 + data.length, crc32(out.subarray(at + 4, at + 8 + data.length)));
    at += CHUNK_OVERHEAD_BYTES + data.length;
  }
  return out;
}

const dataView = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const printable = (type: string) => (/^[A-Za-z]{4}$/.test(type) ? type : 'unnamed');
