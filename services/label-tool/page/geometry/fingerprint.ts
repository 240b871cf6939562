// A short number for a mask, to see whether it is one that was seen before: FNV-1a, 32 bits.

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

export function fingerprint(mask: Uint8Array): number {
  let hash = OFFSET;
  for (const id of mask) hash = Math.imul(hash ^ id, PRIME);
  return hash >>> 0;
}
