// What kind of picture bytes are, by their first ones. Pure.
const SIGNATURES = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
] as const;

/** @returns undefined where they are none that we know: other objects, such as weights, are not shown as pictures */
export function pictureType(first: Uint8Array): 'image/png' | 'image/jpeg' | undefined {
  return SIGNATURES.find(([, signature]) => signature.every((byte, at) => first[at] === byte))?.[0];
}
