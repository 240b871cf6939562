// COCO's compressed run lengths, as pycocotools reads them: runs of a mask in column-major order, the first of them outside it,
// each beyond the third less the run two before it, written five bits a character.

/**
 * @param mask H*W row-major, not 0 inside
 * @returns the "counts" of a segmentation of that size
 */
export function cocoRle(mask: Uint8Array, { height, width }: { readonly height: number; readonly width: number }) {
  const runs = columnRuns(mask, height, width);
  return runs.map((run, i) => characters(i > 2 ? run - runs[i - 2]! : run)).join('');
}

function columnRuns(mask: Uint8Array, height: number, width: number): number[] {
  const runs: number[] = [];
  let inside = false;
  let length = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      if ((mask[y * width + x] !== 0) !== inside) {
        runs.push(length);
        length = 0;
        inside = !inside;
      }
      length++;
    }
  }
  return [...runs, length];
}

/** A signed number, its lowest five bits first; a sixth bit says that more follow. */
function characters(value: number): string {
  let text = '';
  for (let rest = value, more = true; more; ) {
    const bits = rest & 0x1f;
    rest >>= 5;
    more = bits & 0x10 ? rest !== -1 : rest !== 0;
    text += String.fromCharCode(48 + (more ? bits | 0x20 : bits));
  }
  return text;
}
