// BDD100K (Yu et al. 2020), the 10k images with semantic masks: DIR/images/10k/SPLIT/*.jpg with
// DIR/labels/sem_seg/masks/SPLIT/*.png, or DIR/labels/SPLIT/*.png. The masks hold the training ids of Cityscapes.
import path from 'node:path';
import { CITYSCAPES_CLASS_MAP } from './cityscapes-labels.ts';
import type { DatasetSource } from './dataset-source.ts';
import { isFolder, listImageFiles } from './files.ts';
import { sameIds } from './label-table.ts';
import { openPairs } from './pair-source.ts';
import { pairByStem } from './pairs.ts';
import { listSplits } from './split-pairs.ts';

/** An earlier release names its masks so. */
const LABEL_SUFFIXES = ['_train_id', ''];

export async function openBdd100k(folder: string): Promise<DatasetSource> {
  const nested = path.join(folder, 'labels', 'sem_seg', 'masks');
  const labels = (await isFolder(nested)) ? nested : path.join(folder, 'labels');
  const pairs = await listSplits(async (split) =>
    pairByStem({
      split,
      imageFiles: await listImageFiles(path.join(folder, 'images', '10k', split)),
      labelFiles: await listImageFiles(path.join(labels, split)),
      labelSuffixes: LABEL_SUFFIXES,
    }),
  );
  return openPairs({
    displayName: `bdd100k:${path.basename(path.resolve(folder))}`,
    classMap: CITYSCAPES_CLASS_MAP,
    labelTable: sameIds(CITYSCAPES_CLASS_MAP.classes.length),
    pairs,
  });
}
