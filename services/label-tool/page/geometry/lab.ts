// Colours in CIELAB, where equal distances look about equally different.
// Source: IEC 61966-2-1 (sRGB) and CIE 15, for the white point D65.

const LINEAR = Float32Array.from({ length: 256 }, (_, value) => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
});

/** @param rgba four bytes a pixel @returns L, a and b of each pixel, interleaved */
export function labOf(rgba: Uint8ClampedArray): Float32Array {
  const pixels = rgba.length / 4;
  const lab = new Float32Array(pixels * 3);
  for (let i = 0; i < pixels; i++) {
    const red = LINEAR[rgba[i * 4]!]!;
    const green = LINEAR[rgba[i * 4 + 1]!]!;
    const blue = LINEAR[rgba[i * 4 + 2]!]!;
    const x = curve((0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047);
    const y = curve(0.2126729 * red + 0.7151522 * green + 0.072175 * blue);
    const z = curve((0.0193339 * red + 0.119192 * green + 0.9503041 * blue) / 1.08883);
    lab[i * 3] = 116 * y - 16;
    lab[i * 3 + 1] = 500 * (x - y);
    lab[i * 3 + 2] = 200 * (y - z);
  }
  return lab;
}

function curve(t: number): number {
  return t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 / 116) * t + 16 / 116;
}
