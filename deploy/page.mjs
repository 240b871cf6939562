// Builds the labelling page into static files, and does nothing where they are there and none of their sources is newer.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = path.join(root, 'services/label-tool/page');
const built = path.join(source, 'dist/index.html');

/**
 * @param {{ node: string, log: (line: string) => void }} options
 */
export function buildPage({ node, log }) {
  if (existsSync(built) && statSync(built).mtimeMs >= newestSource()) return;
  log('Building the labelling page (some seconds)');
  const vite = path.join(root, 'node_modules/vite/bin/vite.js');
  const options = { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] };
  const { status } = spawnSync(node, [vite, 'build', source, '--logLevel', 'warn'], options);
  if (status !== 0)
    throw Object.assign(new Error('the labelling page could not be built; what Vite said is above'), { exitCode: 1 });
}

function newestSource() {
  const files = readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(path.dirname(built)))
    .map((entry) => path.join(entry.parentPath, entry.name));
  const all = [...files, path.join(root, 'services/label-tool/api-types.ts'), path.join(root, 'package-lock.json')];
  return Math.max(...all.map((file) => statSync(file).mtimeMs));
}
