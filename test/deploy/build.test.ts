// deploy/build with a builder that only writes down what it was asked for, and the bills of materials beside.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const BUILD = path.resolve('deploy', 'build');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cpral-build-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function builder(name: string, answers: boolean): void {
  const file = path.join(folder, name);
  const script = `#!/bin/sh\n[ "$1" = info ] && exit ${answers ? 0 : 1}\necho "${name} $*" >> ${folder}/asked\n`;
  writeFileSync(file, script);
  chmodSync(file, 0o755);
}

function build(...args: string[]) {
  // The machine's own builders are not to answer.
  for (const name of ['docker', 'podman', 'buildah']) if (!existsSync(path.join(folder, name))) builder(name, false);
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  const { status, stderr, stdout } = spawnSync(BUILD, args, { env, encoding: 'utf8' });
  const asked = path.join(folder, 'asked');
  return { status, stderr, stdout, asked: existsSync(asked) ? readFileSync(asked, 'utf8') : '' };
}

describe('deploy/build', () => {
  it('takes the first builder that answers, with the base, the names and the options that were given', () => {
    builder('podman', true);
    builder('buildah', true);
    const given = [
      '--prefix',
      'images.example/cpral',
      '--tag',
      '7',
      '--base',
      'base:1',
      'control',
      '--',
      '--network',
      'host',
    ];
    const { status, asked } = build(...given);
    expect(status).toBe(0);
    const target = '--target control --tag images.example/cpral-control:7';
    expect(asked.split('\n')[0]).toBe(
      `podman build --file deploy/Dockerfile ${target} --build-arg BASE=base:1 --network host .`,
    );
  });

  it('builds all three where none is named', () => {
    builder('docker', true);
    const { asked, stdout } = build();
    expect(asked.match(/--target \w+/g)).toEqual(['--target control', '--target cpu', '--target gpu']);
    expect(stdout).toContain('out/sbom/cpral-gpu.cdx.json');
  });

  it('refuses what is no image', () => {
    expect(build('tpu')).toMatchObject({
      status: 2,
      stderr: 'build: expected control, cpu or gpu, got "tpu"\n',
      asked: '',
    });
  });

  it('says what is missing where nothing can build', () => {
    expect(build('control')).toMatchObject({ status: 1, stderr: expect.stringContaining('docker, podman or buildah') });
  });
});

describe('a bill of materials', () => {
  interface Bill {
    readonly bomFormat: string;
    readonly metadata: { readonly component: { readonly name: string; readonly 'bom-ref': string } };
    readonly components: readonly {
      readonly name: string;
      readonly 'bom-ref': string;
      readonly hashes?: readonly object[];
    }[];
    readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  }

  function billOf(target: string): Bill {
    expect(spawnSync(process.execPath, ['deploy/sbom.mjs', target, '1.2.3']).status).toBe(0);
    return JSON.parse(readFileSync(`out/sbom/cpral-${target}.cdx.json`, 'utf8')) as Bill;
  }

  it.each([
    ['control', 0, 0],
    ['cpu', 1, 0],
    ['gpu', 1, 12],
  ])('of %s has what is in it, and nothing else', (target, tensorFlows, cudaLibraries) => {
    const { bomFormat, metadata, components, dependencies } = billOf(target);
    expect([bomFormat, metadata.component.name]).toEqual(['CycloneDX', `cpral-${target}`]);
    const named = (pattern: RegExp) => components.filter(({ 'bom-ref': ref }) => pattern.test(ref));
    expect(named(/^pkg:pypi\/tensorflow/)).toHaveLength(tensorFlows);
    expect(named(/^pkg:pypi\/nvidia/)).toHaveLength(cudaLibraries);
    expect(named(/@tensorflow\//).length > 0).toBe(target !== 'control');
    expect(named(/grpc-js/)).toHaveLength(1);
    expect(named(/vitest|biome|node-linux/)).toEqual([]);
    const refs = [metadata.component['bom-ref'], ...components.map((component) => component['bom-ref'])];
    for (const { ref, dependsOn } of dependencies) expect(refs).toEqual(expect.arrayContaining([ref, ...dependsOn]));
  });
});

it.each(['control', 'cpu', 'gpu'])('what changes with every version is the last layer of %s', (target) => {
  const stage = readFileSync('deploy/Dockerfile', 'utf8')
    .split(/^FROM /m)
    .find((text) => text.startsWith(`runtime AS ${target}\n`));
  const copies = stage?.match(/^COPY .*$/gm) ?? [];
  expect(copies.at(-1)).toBe('COPY --from=sources /app ./');
  expect(copies.filter((line) => line.includes('sources'))).toHaveLength(1);
});
