// The pairs of both splits, one split after the other, so that of several faults the same one is always named.
import path from 'node:path';
import { SPLITS, type Split } from './dataset-source.ts';
import { listImageFiles } from './files.ts';
import { type Pair, pairByStem } from './pairs.ts';

export async function listSplits(listPairs: (split: Split) => Promise<Pair[]>): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (const split of SPLITS) pairs.push(...(await listPairs(split)));
  return pairs;
}

/** The pairs of DIR/{train,val}/{images,labels}. */
export function listSplitFolders(folder: string): Promise<Pair[]> {
  return listSplits(async (split) =>
    pairByStem({
      split,
      imageFiles: await listImageFiles(path.join(folder, split, 'images')),
      labelFiles: await listImageFiles(path.join(folder, split, 'labels')),
    }),
  );
}
