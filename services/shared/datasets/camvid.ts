// CamVid (Brostow et al. 2009) as class-index PNGs of 11 classes: DIR/{train,val}/{images,labels}.
import path from 'node:path';
import { classMapOf } from './class-map.ts';
import { type DatasetSource, VOID_ID } from './dataset-source.ts';
import { labelTable } from './label-table.ts';
import { openPairs } from './pair-source.ts';
import { listSplitFolders } from './split-pairs.ts';

const CLASS_MAP = classMapOf([
  ['sky', '#808080'],
  ['building', '#800000'],
  ['pole', '#c0c080'],
  ['road', '#804080'],
  ['pavement', '#3c28de'],
  ['tree', '#808000'],
  ['sign symbol', '#c08080'],
  ['fence', '#404080'],
  ['car', '#400080'],
  ['pedestrian', '#404000'],
  ['bicyclist', '#0080c0'],
]);

/** The id after the last class marks void in these files. */
const LABELS = labelTable([...CLASS_MAP.classes.map((_, id) => [id, id] as const), [11, VOID_ID] as const]);

export async function openCamvid(folder: string): Promise<DatasetSource> {
  return openPairs({
    displayName: `camvid:${path.basename(path.resolve(folder))}`,
    classMap: CLASS_MAP,
    labelTable: LABELS,
    pairs: await listSplitFolders(folder),
  });
}
