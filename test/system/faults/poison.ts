// The images of the tiny pool that bite, and how: each by a function of test/support/functions. They are neighbours, so that the halves
// of a shard that hold all of them fail at the first, which bites fast.
export const POISON: ReadonlyMap<string, 'crash' | 'hang' | 'swell'> = new Map([
  ['train/scene-00004', 'crash'],
  ['train/scene-00005', 'swell'],
  ['train/scene-00006', 'hang'],
]);
