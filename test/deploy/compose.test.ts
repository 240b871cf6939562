// The compose file as far as it can be held against the services without a container engine.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readConfig as readLabelToolConfig } from '../../services/label-tool/config.ts';
import { readNatsUrl } from '../../services/shared/bus/nats/nats-url.ts';
import type { Environment, ServiceConfig, WorkerConfig } from '../../services/shared/environment.ts';
import { readS3Credentials } from '../../services/shared/objects/s3-credentials.ts';
import { parseS3Url } from '../../services/shared/objects/s3-url.ts';
import {
  type ComposeFile,
  type ComposeService,
  findComposeReader,
  readCompose,
  substituted,
} from '../support/compose.ts';

const TEXT = readFileSync('deploy/compose.yaml', 'utf8');
const SECRETS = { CPRAL_POSTGRES_PASSWORD: 'pg-secret', CPRAL_S3_SECRET: 's3-secret' };
const WORKERS = ['oracle', 'trainer', 'panoptic-scorer', 'region-selector', 'label-extender'];
const OURS = ['registry', ...WORKERS];
/** It knows the registry alone. */
const LABEL_TOOL = 'label-tool';

let reader: string;
let file: ComposeFile;
beforeAll(async () => {
  reader = await findComposeReader();
  file = readCompose(reader, substituted(TEXT, SECRETS));
});

const serviceNamed = (name: string): ComposeService => file.services[name]!;
const mainOf = (name: string): string => serviceNamed(name).command?.[0] ?? '';
const environmentOf = (name: string): Environment =>
  Object.fromEntries(Object.entries(serviceNamed(name).environment ?? {}).map(([key, value]) => [key, value ?? '']));

/** The service's own settings from the file's environment, and what it looked for there. */
async function configOf(name: string) {
  const asked = new Set<string>();
  const environment = new Proxy(environmentOf(name), {
    get(values, key: string) {
      asked.add(key);
      return values[key];
    },
  });
  const module = await import(/* @vite-ignore */ path.resolve(mainOf(name).replace('main.ts', 'config.ts')));
  const config = (module.readConfig as (environment: Environment) => ServiceConfig & Partial<WorkerConfig>)(
    environment,
  );
  readS3Credentials(environment);
  return { config, asked };
}

describe('the compose file', () => {
  it('is one by the schema of the specification', () => {
    expect(Object.keys(file.services).toSorted()).toEqual([...OURS, LABEL_TOOL, 'nats', 'postgres', 's3'].toSorted());
  });

  it('would be refused with a setting that there is not', () => {
    const text = TEXT.replaceAll('restart: unless-stopped', 'restarts: unless-stopped');
    expect(() => readCompose(reader, substituted(text, SECRETS))).toThrow(/services\.[\w-]+\.restarts/);
  });

  it('declares every volume and names every service that it refers to', () => {
    const services = Object.values(file.services);
    const sources = services.flatMap(({ volumes = [] }) => volumes.map(({ source }) => source));
    expect(sources.toSorted()).toEqual(Object.keys(file.volumes).toSorted());
    const needed = services.flatMap((service) => Object.keys(service.depends_on ?? {}));
    expect(needed.filter((name) => !(name in file.services))).toEqual([]);
  });

  it.each(Object.keys(SECRETS))('asks for %s, which nobody should share', (name) => {
    expect(() => substituted(TEXT, { ...SECRETS, [name]: '' })).toThrow(`required variable ${name}`);
  });

  it('publishes the registry and the label tool on the loopback, and nothing else', () => {
    const published = Object.entries(file.services).flatMap(([name, { ports = [] }]) =>
      ports.map(({ host_ip: host, published: port }) => `${name} ${host}:${port}`),
    );
    expect(published.toSorted()).toEqual(['label-tool 127.0.0.1:8080', 'registry 127.0.0.1:4101']);
  });

  it.each(['postgres', 'nats', 's3'])('knows when %s is healthy', (name) => {
    expect(serviceNamed(name).healthcheck?.test.length).toBeGreaterThan(1);
  });
});

describe.each(OURS)('%s in it', (name) => {
  it('starts a program that there is, from a target of the Dockerfile that has what it needs', async () => {
    expect(existsSync(mainOf(name))).toBe(true);
    const { build, image } = serviceNamed(name);
    const targets = [...readFileSync(`${build?.dockerfile}`, 'utf8').matchAll(/^FROM runtime AS (\w+)$/gm)];
    expect(targets.map(([, target]) => target)).toContain(build?.target);
    expect(image).toBe(`cpral-${build?.target}`);
    const isLight = name === 'registry' || name === 'oracle';
    expect(build?.target).toBe(isLight ? 'control' : 'cpu');
  });

  it('is given the settings that it reads, and no other', async () => {
    const { config, asked } = await configOf(name);
    expect(config.listen).toBe('0.0.0.0:4101');
    expect(Object.keys(environmentOf(name)).filter((key) => !asked.has(key))).toEqual([]);
    if (name !== 'registry') expect(config.registry).toBe('registry:4101');
  });

  it('finds its servers by their names, once they are healthy', async () => {
    const { config } = await configOf(name);
    const { databaseUrl } = config as { databaseUrl?: string };
    const hosts = [parseS3Url(config.objectsUrl).endpoint.host, ...readNatsUrl(config.natsUrl ?? '').servers];
    if (databaseUrl !== undefined) hosts.push(new URL(databaseUrl).host);
    expect(hosts.toSorted()).toEqual(['nats:4222', ...(name === 'registry' ? ['postgres:5432'] : []), 's3:7070']);
    expect(serviceNamed(name).depends_on).toMatchObject(
      Object.fromEntries(hosts.map((host) => [host.split(':')[0], { condition: 'service_healthy' }])),
    );
  });

  it('has time to give back what it has in hand before it is killed', () => {
    const source = readFileSync('services/shared/worker/run-worker-service.ts', 'utf8');
    const graceMs = Number(/STOP_GRACE_MS = ([\d_]+);/.exec(source)?.[1]?.replaceAll('_', ''));
    expect(graceMs).toBeGreaterThan(0);
    expect(1_000 * Number.parseInt(serviceNamed(name).stop_grace_period ?? '10s', 10)).toBeGreaterThan(graceMs);
  });
});

describe('the label tool in it', () => {
  it('is given the settings that it reads, and no other, and no secret', () => {
    const environment = environmentOf(LABEL_TOOL);
    const asked = new Set<string>();
    const watched = new Proxy(environment, {
      get(values, key: string) {
        asked.add(key);
        return values[key];
      },
    });
    const config = readLabelToolConfig(watched);
    expect(config).toMatchObject({
      listen: '0.0.0.0:8080',
      registry: 'registry:4101',
      hosts: ['127.0.0.1', 'localhost'],
    });
    expect(Object.keys(environment).filter((key) => !asked.has(key))).toEqual([]);
    expect(serviceNamed(LABEL_TOOL).volumes?.map(({ target }) => target)).toEqual([config.uploadFolder]);
  });

  it('starts a program that there is, from the target without TensorFlow', () => {
    expect(existsSync(mainOf(LABEL_TOOL))).toBe(true);
    expect(serviceNamed(LABEL_TOOL).build?.target).toBe('control');
  });
});

describe('secrets in it', () => {
  it('are with those who need them: the database’s with the registry alone', () => {
    const holders = (secret: string) =>
      Object.entries(file.services)
        .filter(([, service]) => JSON.stringify(service).includes(secret))
        .map(([name]) => name)
        .toSorted();
    expect(holders(SECRETS.CPRAL_POSTGRES_PASSWORD)).toEqual(['postgres', 'registry']);
    expect(holders(SECRETS.CPRAL_S3_SECRET)).toEqual([...OURS, 's3'].toSorted());
  });
});
