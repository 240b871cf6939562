// The bill of materials of an image, in CycloneDX: npm's own of what the lock file installs, and the wheels that are no packages of npm.
//   node deploy/sbom.mjs control|cpu|gpu VERSION
// Packages of the base image are for its own bill, or for a scanner of images.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './setup.mjs';
import { tensorFlowWheel } from './tensorflow.mjs';

const [target, version] = process.argv.slice(2);
const FOLDER = path.join(root, 'out/sbom');

const npmArgs = ['sbom', '--omit=dev', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];
const bill = JSON.parse(execFileSync('npm', npmArgs, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 }));
const isInside = ({ name, group }) => {
  // Node is the base image's; TensorFlow is not in the image for control.
  if (name.startsWith('node-linux-')) return false;
  return target !== 'control' || !(group === '@tensorflow' || name.startsWith('@tensorflow/'));
};
const components = [...bill.components.filter(isInside), ...wheelsOf(target)];
const refs = new Set([bill.metadata.component['bom-ref'], ...components.map((component) => component['bom-ref'])]);
const dependencies = bill.dependencies
  .filter(({ ref }) => refs.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) }));
const component = { ...bill.metadata.component, name: `cpral-${target}`, version };
mkdirSync(FOLDER, { recursive: true });
const file = path.join(FOLDER, `cpral-${target}.cdx.json`);
writeFileSync(
  file,
  JSON.stringify({ ...bill, metadata: { ...bill.metadata, component }, components, dependencies }, null, 2),
);

function wheelsOf(device) {
  if (device === 'control') return [];
  const { package: name, version: release, sha256 } = tensorFlowWheel(device);
  return [wheel(name, release, sha256), ...(device === 'gpu' ? cudaWheels() : [])];
}

function cudaWheels() {
  const text = readFileSync(path.join(root, 'deploy/cuda-wheels.txt'), 'utf8');
  return [...text.matchAll(/^(\S+)==(\S+) --hash=sha256:(\w+)$/gm)].map(([, ...parts]) => wheel(...parts));
}

function wheel(name, release, sha256) {
  const purl = `pkg:pypi/${name}@${release}`;
  return {
    'bom-ref': purl,
    type: 'library',
    name,
    version: release,
    purl,
    hashes: [{ alg: 'SHA-256', content: sha256 }],
  };
}
