// Makes TensorFlow usable from Node: the C library out of the wheel on PyPI, and the small native binding of
// tfjs-node-gpu compiled against it. Both live in a cache outside node_modules, so that a fresh install costs links only.
//   CPRAL_CACHE       where the cache is (default ~/.cache/cpral)
//   CPRAL_TENSORFLOW  cpu (default), or gpu: the wheel with CUDA, and the CUDA libraries of cuda-wheels.txt
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const VERSION = '2.21.0';
/** Digests of the wheels for Python 3.11; only the C library in them is used, so the machine's own Python does not matter. */
const WHEELS = {
  'cpu x64': {
    package: 'tensorflow-cpu',
    platform: 'manylinux_2_27_x86_64',
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  },
  // On ARM the plain package is the one without CUDA.
  'cpu arm64': {
    package: 'tensorflow',
    platform: 'manylinux_2_27_aarch64',
    sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
  },
  'gpu x64': {
    package: 'tensorflow',
    platform: 'manylinux_2_27_x86_64',
    sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
  },
};
const WHEEL_PARTS = [
  'tensorflow/libtensorflow_cc.so.2',
  'tensorflow/libtensorflow_framework.so.2',
  'tensorflow/include/tensorflow/c/',
  'tensorflow/include/tensorflow/core/platform/',
  'tensorflow/include/tsl/',
  'tensorflow/include/xla/tsl/',
];
const COMPILER_FLAGS = [
  '-O2',
  '-std=c++17',
  '-shared',
  '-fPIC',
  '-DNAPI_VERSION=8',
  '-DNODE_GYP_MODULE_NAME=tfjs_binding',
  '-DBUILDING_NODE_EXTENSION',
  '-I..',
  '-Ideps/include',
  '-Ldeps/lib',
  '-Wl,-rpath,$ORIGIN/../../deps/lib',
];
const LIBRARIES = {
  'libtensorflow.so': 'libtensorflow_cc.so.2',
  'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
};

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const CUDA_WHEELS = path.join(root, 'deploy/cuda-wheels.txt');
const binding = path.join(root, 'node_modules/@tensorflow/tfjs-node-gpu');
const napiHeaders = path.join(root, 'node_modules/node-api-headers/include');
const exec = promisify(execFile);

/** A prerequisite that only the user can install. */
class Missing extends Error {
  exitCode = 2;
}

/**
 * Does nothing where all is done already.
 * @param {{ log: (line: string) => void }} options
 */
export async function setUpTensorFlow({ log }) {
  const wheel = tensorFlowWheel(process.env.CPRAL_TENSORFLOW || 'cpu');
  if (!existsSync(binding)) throw new Missing(`TensorFlow.js is not in ${binding}: run npm run setup`);
  const key = cacheKey(wheel);
  const cache = process.env.CPRAL_CACHE || path.join(homedir(), '.cache/cpral');
  const library = path.join(cache, `tensorflow-${key.wheel}`);
  const compiled = path.join(cache, `tfjs-binding-${key.binding}.node`);
  const stamp = path.join(binding, 'deps/cpral.stamp');
  if (existsSync(library) && existsSync(stamp) && readFileSync(stamp, 'utf8') === library + key.binding) return;

  if (!existsSync(library)) await fetchLibrary({ wheel, library, log });
  await linkLibrary(library);
  if (!existsSync(compiled)) await compile({ compiled, log });
  await mkdir(path.join(binding, 'lib/napi-v8'), { recursive: true });
  await copyFile(compiled, path.join(binding, 'lib/napi-v8/tfjs_binding.node'));
  await writeFile(stamp, library + key.binding);
  log(`TensorFlow ${VERSION} is ready`);
}

/** What is installed for a device: for whoever lists what an image is made of. */
export function tensorFlowWheel(device) {
  const wheel = WHEELS[`${device} ${process.arch}`];
  if (process.platform !== 'linux' || !wheel) {
    const known = Object.keys(WHEELS).join(', ');
    throw new Missing(
      `TensorFlow for "${device}" on ${process.platform} ${process.arch} is not supported; known on Linux: ${known}`,
    );
  }
  return { ...wheel, device, version: VERSION };
}

function cacheKey(wheel) {
  const hash = createHash('sha256').update(wheel.sha256).update(COMPILER_FLAGS.join(' '));
  const folder = path.join(binding, 'binding');
  for (const file of readdirSync(folder).sort()) hash.update(file).update(readFileSync(path.join(folder, file)));
  const cuda = () => createHash('sha256').update(wheel.sha256).update(readFileSync(CUDA_WHEELS)).digest('hex');
  const files = wheel.device === 'gpu' ? cuda() : wheel.sha256;
  return { wheel: files.slice(0, 40), binding: hash.digest('hex').slice(0, 40) };
}

async function fetchLibrary({ wheel, library, log }) {
  await need('python3', ['-m', 'pip', '--version'], 'python3 with pip is missing: sudo apt-get install python3-pip');
  // On the cache's own disk, so that the last step is a rename; an interrupted run leaves a folder that nothing reads.
  const temporary = `${library}.${randomUUID()}.part`;
  await mkdir(temporary, { recursive: true });
  try {
    log(
      `Downloading the TensorFlow ${VERSION} library (260 MB for cpu, 2 GB for gpu; once, some minutes on a slow line)`,
    );
    const file = await download(wheel, temporary);
    log('Unpacking the TensorFlow library (about 10 s)');
    await unpack(file, temporary);
    if (wheel.device === 'gpu') await installCuda({ wheel, folder: temporary });
    await rm(file);
    await rename(temporary, library).catch((error) => {
      // Somebody else was faster; theirs is the same.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function download(wheel, folder) {
  const { package: name, platform, sha256 } = wheel;
  const target = ['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311', '--platform', platform];
  const args = [
    'download',
    '--quiet',
    '--no-deps',
    '--no-cache-dir',
    '--only-binary=:all:',
    ...target,
    '--dest',
    folder,
  ];
  await python(['-m', 'pip', ...args, `${name}==${VERSION}`]);
  const file = path.join(folder, (await readdir(folder)).find((entry) => entry.endsWith('.whl')) ?? '');
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const actual = hash.digest('hex');
  if (actual !== sha256) throw new Error(`${path.basename(file)}: expected sha256 ${sha256}, got ${actual}`);
  return file;
}

async function unpack(file, folder) {
  const script = `
import sys, zipfile
file, folder, *parts = sys.argv[1:]
with zipfile.ZipFile(file) as wheel:
    wheel.extractall(folder, [name for name in wheel.namelist() if name.startswith(tuple(parts))])`;
  await python(['-c', script, file, folder, ...WHEEL_PARTS]);
}

/** The CUDA libraries, beside the library that looks for them in ../nvidia. Without a driver the CPU is used. */
async function installCuda({ wheel, folder }) {
  const platforms = [wheel.platform, 'manylinux_2_17_x86_64', 'manylinux2014_x86_64', 'manylinux1_x86_64'];
  const args = [
    'install',
    '--quiet',
    '--no-deps',
    '--no-cache-dir',
    '--only-binary=:all:',
    '--require-hashes',
    '--python-version',
    '3.11',
    ...platforms.flatMap((name) => ['--platform', name]),
  ];
  await python(['-m', 'pip', ...args, '--target', folder, '--requirement', CUDA_WHEELS]);
}

async function linkLibrary(library) {
  const deps = path.join(binding, 'deps');
  await rm(deps, { recursive: true, force: true });
  await mkdir(path.join(deps, 'lib'), { recursive: true });
  await symlink(path.join(library, 'tensorflow/include'), path.join(deps, 'include'));
  for (const [link, file] of Object.entries(LIBRARIES)) {
    await symlink(path.join(library, 'tensorflow', file), path.join(deps, 'lib', file));
    await symlink(file, path.join(deps, 'lib', link));
  }
  if (existsSync(path.join(library, 'nvidia'))) await symlink(path.join(library, 'nvidia'), path.join(deps, 'nvidia'));
}

async function compile({ compiled, log }) {
  await need('g++', ['--version'], 'g++ is missing: sudo apt-get install g++');
  log('Compiling the TensorFlow binding (about 15 s)');
  const sources = (await readdir(path.join(binding, 'binding'))).filter((file) => file.endsWith('.cc'));
  const temporary = `${compiled}.${randomUUID()}.part`;
  const inputs = sources.map((file) => path.join('binding', file));
  const libraries = ['-ltensorflow', '-ltensorflow_framework'];
  try {
    await exec('g++', [...COMPILER_FLAGS, `-I${napiHeaders}`, ...inputs, '-o', temporary, ...libraries], {
      cwd: binding,
    });
    await rename(temporary, compiled);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function need(program, args, advice) {
  await exec(program, args).catch(() => {
    throw new Missing(advice);
  });
}

async function python(args) {
  const { stdout } = await exec('python3', args, { maxBuffer: 1 << 24 }).catch((error) => {
    const lastLine = String(error.stderr ?? error)
      .trim()
      .split('\n')
      .at(-1);
    throw new Error(`python3 ${args.slice(0, 3).join(' ')} failed: ${lastLine}`, { cause: error });
  });
  return stdout;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await setUpTensorFlow({ log: (line) => console.log(line) });
  } catch (error) {
    console.error(error.message);
    process.exitCode = error.exitCode ?? 1;
  }
}
