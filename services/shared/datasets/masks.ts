// Any dataset of class-index masks: DIR/{train,val}/{images,labels}, and the classes in DIR/classes.json or DIR/classes.txt.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { ClassMap } from '../../../proto/gen/cpral/v1/resources.ts';
import { parseClassJson, parseClassText } from './class-file.ts';
import type { DatasetSource } from './dataset-source.ts';
import { readDatasetFile } from './files.ts';
import { sameIds } from './label-table.ts';
import { openPairs } from './pair-source.ts';
import { naming, refusal } from './refusal.ts';
import { listSplitFolders } from './split-pairs.ts';

const CLASS_FILES = [
  ['classes.json', parseClassJson],
  ['classes.txt', parseClassText],
] as const;

export async function openMasks(folder: string): Promise<DatasetSource> {
  const classMap = await readClassMap(folder);
  return openPairs({
    displayName: `masks:${path.basename(path.resolve(folder))}`,
    classMap,
    labelTable: sameIds(classMap.classes.length),
    pairs: await listSplitFolders(folder),
  });
}

async function readClassMap(folder: string): Promise<ClassMap> {
  for (const [name, parse] of CLASS_FILES) {
    const file = path.join(folder, name);
    if (!(await stat(file).catch(() => undefined))) continue;
    const text = Buffer.from(await readDatasetFile(file)).toString('utf8');
    return naming(file, (async () => parse(text))());
  }
  throw refusal(folder, 'expected a file classes.json or classes.txt, got neither');
}
