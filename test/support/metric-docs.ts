// What docs and dashboard say about metrics.
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Each metric's type and labels, from the table of docs/observability.md. */
export async function documentedMetrics(): Promise<Map<string, { type: string; labels: string[] }>> {
  const text = await readFile(path.join(ROOT, 'docs/observability.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `(cpral_\w+)` +\| (\w+) +\| ([^|]*)\|/gm)];
  return new Map(
    rows.map(([, name = '', type = '', labels = '']) => {
      const names = [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label);
      return [name, { type, labels: names.sort() }];
    }),
  );
}

export interface Dashboard {
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}

interface Panel {
  readonly id: number;
  /** In cells of a grid 24 wide. */
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat?: string }[];
}

export async function readDashboard(): Promise<Dashboard> {
  return JSON.parse(await readFile(path.join(ROOT, 'deploy/grafana/cpral.json'), 'utf8')) as Dashboard;
}

/** label_values(METRIC, LABEL), which is Grafana's own. */
export function labelValuesOf(definition: string): { metric: string; label: string } {
  const [, metric = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(definition) ?? [];
  return { metric, label };
}

/** Of a histogram's series the histogram. */
export function familyOf(series: string): string {
  return series.replace(/_(?:bucket|sum|count)$/, '');
}
