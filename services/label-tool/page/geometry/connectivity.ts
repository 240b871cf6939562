// Makes segments hang together: each part that is connected by sides becomes a segment of its own, and one that is too small joins the
// neighbour it touches first in reading order.
import type { Size } from './raster.ts';
import type { Segments } from './segments.ts';

export function enforceConnectivity(ids: Int32Array, size: Size, smallestPixels: number): Segments {
  const { height, width } = size;
  const connected = new Int32Array(ids.length).fill(-1);
  const part = new Int32Array(ids.length);
  let count = 0;
  for (let start = 0; start < ids.length; start++) {
    if (connected[start] !== -1) continue;
    // What lies above or to the left has its segment already.
    const x = start % width;
    const before = x > 0 ? connected[start - 1]! : start >= width ? connected[start - width]! : -1;
    const length = spread(ids, connected, part, start, count, height, width);
    if (length < smallestPixels && before >= 0) for (let i = 0; i < length; i++) connected[part[i]!] = before;
    else count++;
  }
  return { ids: connected, count };
}

/** Gives `id` to the part around `start` and lists its pixels in `part`. @returns how many they are */
function spread(
  ids: Int32Array,
  connected: Int32Array,
  part: Int32Array,
  start: number,
  id: number,
  height: number,
  width: number,
): number {
  let length = 1;
  part[0] = start;
  connected[start] = id;
  const take = (at: number) => {
    if (connected[at] !== -1 || ids[at] !== ids[start]) return;
    connected[at] = id;
    part[length++] = at;
  };
  for (let next = 0; next < length; next++) {
    const at = part[next]!;
    const x = at % width;
    if (x > 0) take(at - 1);
    if (x + 1 < width) take(at + 1);
    if (at >= width) take(at - width);
    if (at < (height - 1) * width) take(at + width);
  }
  return length;
}
