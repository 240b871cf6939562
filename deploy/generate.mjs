// Generates what is made from other files: the protocol's TypeScript and descriptors, the database migrations, the chart's prose.
// With --check nothing is written; it fails where a generated file is not what it would be.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GENERATED_OF_CHART, generateChart } from './generate-chart.mjs';

const GENERATED = 'proto/gen';
const MIGRATIONS = 'services/pool-registry/migrations';
const check = process.argv.includes('--check');
const run = (...args) => execFileSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
const buf = 'node_modules/@bufbuild/buf/bin/buf';

if (check) {
  const scratch = mkdtempSync(path.join(tmpdir(), 'cpral-generate-'));
  const before = { proto: path.join(scratch, 'proto'), migrations: path.join(scratch, 'migrations') };
  cpSync(GENERATED, before.proto, { recursive: true });
  cpSync(MIGRATIONS, before.migrations, { recursive: true });
  const chart = new Map(GENERATED_OF_CHART.map((file) => [file, read(file)]));
  generate();
  const stale = [
    ...differences(before.proto, GENERATED),
    ...differences(before.migrations, MIGRATIONS),
    ...GENERATED_OF_CHART.filter((file) => chart.get(file) !== read(file)),
  ];
  restore(before.proto, GENERATED);
  restore(before.migrations, MIGRATIONS);
  for (const [file, text] of chart) writeFileSync(file, text ?? '', 'latin1');
  rmSync(scratch, { recursive: true });
  if (stale.length > 0) {
    console.error(`stale, run npm run generate: ${stale.join(', ')}`);
    process.exit(1);
  }
} else {
  generate();
}

function generate() {
  rmSync(GENERATED, { recursive: true, force: true });
  run(buf, 'generate');
  run(buf, 'build', 'proto', '-o', `${GENERATED}/descriptors.binpb`, '--as-file-descriptor-set');
  // Adds a migration where the schema has changed since the last one.
  run('node_modules/drizzle-kit/bin.cjs', 'generate');
  generateChart();
}

function restore(from, to) {
  rmSync(to, { recursive: true });
  cpSync(from, to, { recursive: true });
}

function differences(before, after) {
  const names = new Set(
    [before, after].flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))),
    ),
  );
  return [...names].filter((name) => read(path.join(before, name)) !== read(path.join(after, name)));
}

function read(file) {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}
