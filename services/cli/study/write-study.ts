// Puts a comparison into a folder.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { resultsCsv } from './results-csv.ts';
import type { Study } from './study.ts';
import { studyHtml } from './study-html.ts';

export interface WrittenStudy {
  readonly html: string;
  readonly csv: string;
  /** For a browser. */
  readonly url: string;
}

/** @param folder exists */
export async function writeStudy(folder: string, study: Study): Promise<WrittenStudy> {
  const html = path.join(folder, 'report.html');
  const csv = path.join(folder, 'results.csv');
  await writeFile(csv, resultsCsv(study));
  await writeFile(html, await studyHtml(study));
  return { html, csv, url: pathToFileURL(path.resolve(html)).href };
}
