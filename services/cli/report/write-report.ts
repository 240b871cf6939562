// Puts a report into a folder.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { invalid } from '../../shared/errors.ts';
import type { Collected } from './collect-report.ts';
import { reportHtml } from './report-html.ts';
import { reportJson } from './report-json.ts';

export interface WrittenReport {
  readonly html: string;
  readonly json: string;
  /** For a browser. */
  readonly url: string;
}

/** Makes the folder, so that one that cannot be written is refused before hours of work. */
export async function openReportFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw invalid(`--out: expected a folder that can be written, got ${folder}: ${cause.code ?? cause.message}`, {
      field: '--out',
      cause,
    });
  });
}

export async function writeReport(folder: string, { report, pictures }: Collected): Promise<WrittenReport> {
  const html = path.join(folder, 'report.html');
  const json = path.join(folder, 'report.json');
  await writeFile(json, reportJson(report));
  await writeFile(html, await reportHtml(report, pictures));
  return { html, json, url: pathToFileURL(path.resolve(html)).href };
}
