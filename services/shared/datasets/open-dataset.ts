// The formats by name: a new one is a file beside this and a line here.
import { openBdd100k } from './bdd100k.ts';
import { openCamvid } from './camvid.ts';
import { openCityscapes } from './cityscapes.ts';
import type { DatasetFlag, FolderFormat } from './dataset-flag.ts';
import type { DatasetSource } from './dataset-source.ts';
import { openMasks } from './masks.ts';
import { openSynthetic } from './synthetic.ts';

const FOLDERS: Record<FolderFormat, (folder: string) => Promise<DatasetSource>> = {
  camvid: openCamvid,
  masks: openMasks,
  cityscapes: openCityscapes,
  bdd100k: openBdd100k,
};

/** Opens what --dataset names. Throws INVALID_ARGUMENT with field "dataset", naming the folder or file that is wrong. */
export async function openDataset(flag: DatasetFlag): Promise<DatasetSource> {
  return flag.format === 'synthetic' ? openSynthetic(flag.options) : FOLDERS[flag.format](flag.folder);
}
