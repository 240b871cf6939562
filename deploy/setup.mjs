// Brings a clone to where it can run, and does nothing where it is there: packages, the pinned Node, TensorFlow, the labelling page.
// Plain JavaScript on built-in modules alone, because nothing else is installed when it starts.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPage } from './page.mjs';
import { setUpTensorFlow } from './tensorflow.mjs';

const OLDEST_NODE = 20;
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(root, 'node_modules');

/**
 * @param {{ log: (line: string) => void }} options
 * @returns {Promise<string>} the pinned Node's executable
 */
export async function setUp({ log }) {
  checkMachine();
  installPackages(log);
  await setUpTensorFlow({ log });
  const node = pinnedNode();
  buildPage({ node, log });
  return node;
}

/** Says on stderr what is done, and ends the process with a sentence where something is missing. */
export async function setUpOrExit() {
  try {
    return await setUp({ log: (line) => console.error(`cpral: ${line}`) });
  } catch (error) {
    console.error(`cpral: ${error.message}`);
    process.exit(error.exitCode ?? 1);
  }
}

function checkMachine() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE)
    throw fail(`Node ${OLDEST_NODE} or newer is needed to start, this is ${process.versions.node}`);
  if (process.platform !== 'linux')
    throw fail(`Linux is needed (x64 or arm64), this is ${process.platform}: use a container`);
}

function installPackages(log) {
  const stamp = path.join(modules, '.cpral-packages');
  const wanted = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .update(`${process.platform} ${process.arch}`)
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  log('Installing packages (once, some 30 s on a fast line, 1 GB on disk)');
  // Not npm ci: it refuses a lock file without the optional packages of other platforms, which some registries do not have.
  // With --no-save the lock file decides all versions and is not written. Install scripts stay off: some download what is not needed.
  const { status, error } = npm([
    'install',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
  if (error?.code === 'ENOENT') throw fail('npm is missing: sudo apt-get install npm');
  if (status !== 0) throw fail('npm install failed; what it said is above', 1);
  writeFileSync(stamp, wanted);
}

function npm(args) {
  const options = { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] };
  const script = process.env.npm_execpath;
  return script?.endsWith('.js')
    ? spawnSync(process.execPath, [script, ...args], options)
    : spawnSync('npm', args, options);
}

/** The package that carries Node for this machine; the machine's own Node only has to get here. */
function pinnedNode() {
  const name = `node-linux-${process.arch}`;
  try {
    return path.join(path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'bin/node');
  } catch {
    throw fail(`no pinned Node for ${process.arch}: x64 and arm64 are supported`);
  }
}

function fail(message, exitCode = 2) {
  return Object.assign(new Error(message), { exitCode });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await setUpOrExit();
  console.error('cpral: ready');
}
