// Everything that is checked, from nothing: types, format, protocol, generated files, unused code, tests.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root, setUpOrExit } from './setup.mjs';

const node = await setUpOrExit();
const filters = process.argv.slice(2);
const counts = { passed: 0, failed: 0, skipped: 0 };
const scratch = mkdtempSync(path.join(tmpdir(), 'cpral-test-'));
process.env.PATH = `${path.dirname(node)}:${process.env.PATH}`;

if (filters.length === 0) {
  check('types', 'node_modules/typescript/bin/tsc');
  check('types of the page', 'node_modules/typescript/bin/tsc', '-p', 'services/label-tool/page');
  check('format and lint', 'node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '.');
  check('protocol', 'node_modules/@bufbuild/buf/bin/buf', 'lint');
  check('generated files are up to date', 'deploy/generate.mjs', '--check');
  check('no unused code', 'node_modules/knip/bin/knip.js');
}
runTests();
rmSync(scratch, { recursive: true, force: true });

const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
process.exit(counts.failed > 0 ? 1 : 0);

function check(name, ...command) {
  const { status } = run(command);
  counts[status === 0 ? 'passed' : 'failed']++;
  console.log(`${status === 0 ? 'ok' : 'FAILED'}: ${name}`);
}

function runTests() {
  const report = path.join(scratch, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = run(['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...filters]);
  const result = readReport(report);
  counts.passed += result.numPassedTests;
  counts.failed += result.numFailedTests;
  counts.skipped += result.numPendingTests + result.numTodoTests;
  // A file that does not load fails no test, but the run.
  if (status !== 0 && result.numFailedTests === 0) counts.failed++;
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  }
}

function run(command) {
  return spawnSync(node, command, { cwd: root, stdio: 'inherit' });
}
