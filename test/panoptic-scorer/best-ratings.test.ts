import { describe, expect, it } from 'vitest';
import { bestRatings } from '../../services/panoptic-scorer/best-ratings.ts';
import { seededRandom } from '../../services/shared/random.ts';

describe('the best ratings', () => {
  it('are those of the whole list sorted, ties by the bytes of the id', () => {
    const random = seededRandom('best-ratings');
    const all = Array.from({ length: 500 }, (_, i) => ({ imageId: `image-${i}`, rating: Math.floor(9 * random()) }));
    const best = bestRatings(7);
    for (const rating of all) best.add(rating);
    const sorted = all.toSorted((a, b) => b.rating - a.rating || (a.imageId < b.imageId ? -1 : 1));
    expect(best.best()).toEqual(sorted.slice(0, 7));
  });

  it('order ids by bytes, not by the units of JavaScript’s strings', () => {
    const best = bestRatings(2);
    for (const imageId of ['\u{1f600}', '\uff5e']) best.add({ imageId, rating: 1 });
    expect(best.best().map(({ imageId }) => imageId)).toEqual(['\uff5e', '\u{1f600}']);
  });

  it('are all where there are fewer', () => {
    const best = bestRatings(3);
    best.add({ imageId: 'a', rating: -1 });
    expect(best.best()).toEqual([{ imageId: 'a', rating: -1 }]);
  });
});
