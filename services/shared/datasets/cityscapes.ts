// Cityscapes (Cordts et al. 2016): DIR/leftImg8bit/SPLIT/CITY/*_leftImg8bit.png with DIR/gtFine/SPLIT/CITY/*_gtFine_labelIds.png.
import path from 'node:path';
import { CITYSCAPES_CLASS_MAP, CITYSCAPES_LABEL_IDS } from './cityscapes-labels.ts';
import type { DatasetSource, Split } from './dataset-source.ts';
import { listFolders, listImageFiles } from './files.ts';
import { openPairs } from './pair-source.ts';
import { pairByStem } from './pairs.ts';
import { refusal } from './refusal.ts';
import { listSplits } from './split-pairs.ts';

const IMAGE_SUFFIX = '_leftImg8bit';
const LABEL_SUFFIX = '_gtFine_labelIds';

export async function openCityscapes(folder: string): Promise<DatasetSource> {
  return openPairs({
    displayName: `cityscapes:${path.basename(path.resolve(folder))}`,
    classMap: CITYSCAPES_CLASS_MAP,
    labelTable: CITYSCAPES_LABEL_IDS,
    pairs: await listSplits((split) => listPairs(folder, split)),
  });
}

async function listPairs(folder: string, split: Split) {
  const imageFiles = await listCityFiles(path.join(folder, 'leftImg8bit', split));
  // Beside each label lie its colours, its instances and its polygons.
  const labelFiles = (await listCityFiles(path.join(folder, 'gtFine', split))).filter((file) =>
    file.endsWith(`${LABEL_SUFFIX}.png`),
  );
  return pairByStem({ split, imageFiles, labelFiles, imageSuffix: IMAGE_SUFFIX, labelSuffixes: [LABEL_SUFFIX] });
}

async function listCityFiles(folder: string): Promise<string[]> {
  const cities = await listFolders(folder);
  if (cities.length === 0) throw refusal(folder, 'expected a folder for each city, got none');
  const files: string[] = [];
  for (const city of cities) files.push(...(await listImageFiles(path.join(folder, city))));
  return files;
}
