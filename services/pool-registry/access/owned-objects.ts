// Whose an object is: a project has what it uploaded and what its own rows refer to. Objects themselves are of nobody, equal bytes are one object.
import { type SQL, sql } from 'drizzle-orm';
import { CpralError } from '../../shared/errors.ts';
import { checkDigest } from '../../shared/objects/object-store.ts';
import type { Database } from '../database.ts';
import { annotationTasks, datasets, digestOf, images, labels, models, previews, uploads } from '../schema.ts';
import { inProject } from './scope.ts';

/** @throws NOT_FOUND where one is not the project's, as for one that nobody has */
export async function checkObjects(db: Database, project: string, digests: readonly string[]): Promise<void> {
  for (const digest of new Set(digests)) {
    const [found] = rowsOf(await db.execute(sql`select ${isOwned(project, checkDigest(digest))} as owned`));
    if (!found?.owned) throw new CpralError('NOT_FOUND', `object ${digest} is not in the store`);
  }
}

export async function keepUpload(db: Database, project: string, digest: string): Promise<void> {
  await db.insert(uploads).values({ project, digest }).onConflictDoNothing();
}

function isOwned(project: string, digest: string): SQL {
  const ofDataset = (column: SQL) => sql`exists (
    select 1 from ${images} join ${datasets} on ${datasets.key} = ${images.datasetKey}
    where ${column} = ${digest} and ${inProject(datasets.datasetId, project)})`;
  const ofCampaign = (table: typeof annotationTasks | typeof labels | typeof models | typeof previews, column: SQL) =>
    sql`exists (select 1 from ${table} where ${column} = ${digest} and ${inProject(table.campaignId, project)})`;
  const places = [
    sql`exists (select 1 from ${uploads} where ${uploads.project} = ${project} and ${uploads.digest} = ${digest})`,
    ofDataset(digestOf(images.image)),
    ofDataset(digestOf(images.groundTruth)),
    ofCampaign(labels, digestOf(labels.masks, 'classes')),
    ofCampaign(labels, digestOf(labels.masks, 'origins')),
    ofCampaign(previews, digestOf(previews.entropy)),
    ofCampaign(previews, digestOf(previews.prediction)),
    ofCampaign(annotationTasks, digestOf(annotationTasks.draft)),
    ofCampaign(models, digestOf(models.model, 'weights')),
  ];
  return sql`(${sql.join(places, sql` or `)})`;
}

function rowsOf(result: unknown): { owned: boolean }[] {
  return (result as { rows: { owned: boolean }[] }).rows;
}
