import { describe, expect, test } from 'vitest';
import { HEAT_MAP_SIDE_MAX_PX, heatMap } from '../../services/region-selector/heat-map.ts';

const lightness = (rgb: Uint8Array) => 0.2126 * rgb[0]! + 0.7152 * rgb[1]! + 0.0722 * rgb[2]!;

describe('heatMap', () => {
  test('a higher value is never darker', () => {
    const levels = Array.from({ length: 200 }, (_, i) => i / 199);
    const { data } = heatMap(levels, { height: 1, width: 200 }, 1);
    for (let i = 1; i < 200; i++) {
      expect(lightness(data.subarray(3 * i))).toBeGreaterThanOrEqual(lightness(data.subarray(3 * i - 3)));
    }
    expect([...data.subarray(0, 3)]).toEqual([12, 10, 40]);
    expect([...data.subarray(597)]).toEqual([255, 250, 190]);
  });

  test('small maps keep their size, large ones shrink by a whole factor', () => {
    expect(heatMap(new Float32Array(20), { height: 4, width: 5 }, 1)).toMatchObject({ height: 4, width: 5 });
    const large = heatMap(new Float32Array(600 * 200), { height: 200, width: 600 }, 1);
    expect(large).toMatchObject({ height: 67, width: 200 });
    expect(Math.max(large.height, large.width)).toBeLessThanOrEqual(HEAT_MAP_SIDE_MAX_PX);
    expect(large.data).toHaveLength(67 * 200 * 3);
  });

  test('a block has the colour of its mean, a value above full the brightest', () => {
    const width = 2 * HEAT_MAP_SIDE_MAX_PX;
    const map = new Float32Array(width).fill(9);
    map[0] = 1;
    map[1] = 0;
    const { data } = heatMap(map, { height: 1, width }, 1);
    expect([...data.subarray(0, 3)]).toEqual([...heatMap([0.5], { height: 1, width: 1 }, 1).data]);
    expect([...data.subarray(3, 6)]).toEqual([255, 250, 190]);
  });
});
