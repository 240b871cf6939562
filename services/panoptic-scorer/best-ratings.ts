// The highest ratings of many, by rating and then by the image id's bytes, with memory for a few times as many as are kept.
import type { Rating } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';

/** Sorting is done when so many times the kept ones have gathered. */
const SLACK = 4;

export interface BestRatings {
  add(rating: Rating): void;
  /** Best first. */
  best(): Rating[];
}

export function bestRatings(count: number): BestRatings {
  let gathered: Rating[] = [];
  const cut = () => {
    gathered = gathered.sort(byRating).slice(0, count);
  };
  return {
    add(rating) {
      gathered.push(rating);
      if (gathered.length >= SLACK * count) cut();
    },
    best() {
      cut();
      return gathered;
    },
  };
}

function byRating(a: Rating, b: Rating): number {
  return b.rating - a.rating || Buffer.compare(Buffer.from(a.imageId), Buffer.from(b.imageId));
}
