// The images of the tiny pool that bite, and how: each by a function of test/support/functions.
export const POISON: ReadonlyMap<string, 'crash' | 'hang' | 'swell'> = new Map([
  ['train/scene-00004', 'crash'],
  ['train/scene-00017', 'hang'],
  ['train/scene-00046', 'swell'],
]);
