// `cpral export labels`: for each labelled image its class mask and its origin mask, and the classes by name.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ObjectRef } from '../../../proto/gen/cpral/v1/resources.ts';
import { invalid } from '../../shared/errors.ts';
import type { RegistryClient } from '../client.ts';
import type { CommandOf } from '../command.ts';
import { withClient } from '../connect.ts';
import { type Io, print } from '../io.ts';
import { openProgress } from '../progress/progress.ts';

/** The values of an origin mask, for readers who do not have the protocol at hand. */
const ORIGINS = { 0: 'nobody', 1: 'initial', 2: 'oracle', 3: 'human', 4: 'extended' } as const;
const UNLABELLED = 255;

export async function exportLabels({ connection, id, out }: CommandOf<'export labels'>, io: Io): Promise<void> {
  const view = openProgress(io);
  try {
    await withClient(connection, io.signal, async (client) => {
      const campaign = await client.getCampaign(id);
      const { classMap } = await client.getDataset(campaign.datasetId);
      await mkdir(out, { recursive: true });
      view.start('labels', `labels of ${id}`);
      let images = 0;
      for await (const { imageId, masks } of client.labels(id)) {
        await writeMask(client, masks?.classes, path.join(out, 'classes', fileNameOf(imageId)));
        await writeMask(client, masks?.origins, path.join(out, 'origins', fileNameOf(imageId)));
        view.update('labels', { done: ++images, total: 0, unit: 'images' });
      }
      const classes = (classMap?.classes ?? []).map(({ name, color }, classId) => ({ id: classId, name, color }));
      const description = {
        campaign: id,
        dataset: campaign.datasetId,
        classes,
        unlabelled: UNLABELLED,
        origins: ORIGINS,
      };
      await writeFile(path.join(out, 'classes.json'), `${JSON.stringify(description, null, 2)}\n`);
      view.finish('labels', `${images} images`);
      print(io, out);
    });
  } finally {
    view.close();
  }
}

/** An image's id as a relative path. Ids come from the registry, so none may lead out of the folder. */
export function fileNameOf(imageId: string): string {
  const parts = imageId.split('/');
  if (parts.some((part) => !/^[\w.@=+-]+$/.test(part) || /^\.+$/.test(part))) {
    throw invalid(`image id "${imageId}": expected names of letters, digits and ._-@=+ between slashes`);
  }
  return `${path.join(...parts)}.png`;
}

async function writeMask(client: RegistryClient, object: ObjectRef | undefined, file: string): Promise<void> {
  if (!object) return;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, await client.downloadObject(object));
}
