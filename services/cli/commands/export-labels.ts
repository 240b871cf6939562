// `cpral export labels`: for each labelled image its class mask and its origin mask, the classes by name, where each label comes
// from, and on demand all of it as COCO's annotations.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ObjectRef } from '../../../proto/gen/cpral/v1/resources.ts';
import { IMAGE_ID_RULE, isImageId } from '../../shared/datasets/image-id.ts';
import { CpralError, invalid } from '../../shared/errors.ts';
import { decodeMask } from '../../shared/images/images.ts';
import type { RegistryClient } from '../client.ts';
import type { CommandOf } from '../command.ts';
import { withClient } from '../connect.ts';
import { type Io, print } from '../io.ts';
import { cocoDocument } from '../label-formats/coco.ts';
import { ANNOTATORS, campaignLineage, labelLineage, ORIGINS } from '../label-formats/lineage.ts';
import { openProgress } from '../progress/progress.ts';

const UNLABELLED = 255;

export async function exportLabels({ connection, id, out, format }: CommandOf<'export labels'>, io: Io): Promise<void> {
  const view = openProgress(io);
  try {
    await withClient(connection, io.signal, async (client) => {
      const campaign = await client.getCampaign(id);
      const { classMap } = await client.getDataset(campaign.datasetId);
      await mkdir(out, { recursive: true });
      view.start('labels', `labels of ${id}`);
      const cycles = await client.cycles(id);
      const coco = format === 'coco' ? cocoDocument({ campaign, classMap, cycles }) : undefined;
      const lineage: object[] = [];
      for await (const label of client.labels(id)) {
        const name = fileNameOf(label.imageId);
        const classes = await writeMask(client, label.masks?.classes, path.join(out, 'classes', name));
        const origins = await writeMask(client, label.masks?.origins, path.join(out, 'origins', name));
        coco?.add(label, { ...classes, classes: classes.data, origins: origins.data }, name);
        lineage.push({ image: label.imageId, ...labelLineage(label, cycles) });
        view.update('labels', { done: lineage.length, total: 0, unit: 'images' });
      }
      const classes = (classMap?.classes ?? []).map(({ name, color }, classId) => ({ id: classId, name, color }));
      const origins = Object.fromEntries(ORIGINS.entries());
      const description = { ...campaignLineage(campaign), classes, unlabelled: UNLABELLED, origins };
      const annotators = Object.fromEntries(ANNOTATORS.entries());
      await writeJson(path.join(out, 'classes.json'), description);
      await writeJson(path.join(out, 'lineage.json'), { ...campaignLineage(campaign), annotators, images: lineage });
      if (coco) await writeJson(path.join(out, 'annotations.json'), coco.document());
      view.finish('labels', `${lineage.length} images`);
      print(io, out);
    });
  } finally {
    view.close();
  }
}

/** An image's id as a relative path. Ids come from the registry, so none may lead out of the folder. */
export function fileNameOf(imageId: string): string {
  if (!isImageId(imageId)) throw invalid(`image id "${imageId}": expected ${IMAGE_ID_RULE}`);
  return `${path.join(...imageId.split('/'))}.png`;
}

async function writeMask(client: RegistryClient, object: ObjectRef | undefined, file: string) {
  if (!object) throw new CpralError('INTERNAL', `${file}: expected a label with both masks, got one without`);
  const bytes = await client.downloadObject(object);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, bytes);
  return decodeMask(bytes);
}

function writeJson(file: string, value: object): Promise<void> {
  return writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}
