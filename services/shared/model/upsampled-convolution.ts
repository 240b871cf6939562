// A 3x3 convolution of a bilinearly upsampled map, computed before the map is upsampled.
//
//   y(i, j) = sum_{k, l} W_kl u(i+k, j+l),   u(i, j) = sum_{a, b} V(i, a) H(j, b) x(a, b)          k, l in -1, 0, 1
//           = sum_{a, k} V(i+k, a)  sum_{b, l} H(j+l, b)  W_kl x(a, b)
//
//   x  [h, w]: the map     u  [height, width]: x upsampled, zero outside     W_kl  [channels in, channels out]: the filter
//   V, H  the weights of bilinear interpolation by rows and by columns; a row or column outside u has none
//
// Both operations are linear, so their order does not change the result. The second line multiplies channels at the map's
// size, nine products a position, and what is left are two small matrix products. From 23x30 to 90x120 with 256 channels that
// is an eighth of the first line's multiplications (from 32x64 to 128x256 a sixth), and neither u nor its gradient is in memory.
import type { Operations, Shaped } from './operations.ts';

/**
 * @param x [batch, h, w, channels in]
 * @param filter [3, 3, channels in, channels out]
 * @param size of the upsampled map; its corners lie on the corners of x
 * @returns [batch, height, width, channels out], the convolution padded with zeros
 */
export function convolveUpsampled<T extends Shaped>(
  operations: Operations<T>,
  x: T,
  filter: T,
  { height, width }: { readonly height: number; readonly width: number },
): T {
  const { matmul, batchMatmul, reshape, transpose, constant, castLike } = operations;
  const [batch, h, w, channelsIn] = x.shape as [number, number, number, number];
  const channels = filter.shape[3]!;
  const byTap = reshape(transpose(filter, [2, 0, 1, 3]), [channelsIn, 9 * channels]);
  const products = matmul(reshape(x, [batch * h * w, channelsIn]), byTap); // W_kl x(a, b): [B*h*w, 3*3*C]
  const rowsFirst = transpose(reshape(products, [batch, h, w, 3, 3 * channels]), [0, 1, 3, 2, 4]); // [B, h, k, w, l*C]
  const vertical = castLike(constant(tapWeights(height, h), [1, height, 3 * h]), x);
  const rows = batchMatmul(vertical, reshape(rowsFirst, [batch, 3 * h, w * 3 * channels])); // [B, height, w*l*C]
  const horizontal = castLike(constant(tapWeights(width, w), [1, width, 3 * w]), x);
  const pixels = batchMatmul(horizontal, reshape(rows, [batch * height, 3 * w, channels])); // [B*height, width, C]
  return reshape(pixels, [batch, height, width, channels]);
}

/** V(i + k, a) for every i, then a, then k: [to, from * 3]. */
function tapWeights(to: number, from: number): number[] {
  const weights = new Array<number>(to * from * 3).fill(0);
  for (let i = 0; i < to; i++) {
    for (let tap = 0; tap < 3; tap++) {
      const target = i + tap - 1;
      if (target < 0 || target >= to) continue;
      const position = to === 1 ? 0 : (target * (from - 1)) / (to - 1);
      const low = Math.floor(position);
      const share = position - low;
      const add = (a: number, weight: number) => {
        weights[(i * from + a) * 3 + tap]! += weight;
      };
      add(low, 1 - share);
      if (share > 0) add(low + 1, share);
    }
  }
  return weights;
}
