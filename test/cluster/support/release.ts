// A release of the chart in a namespace of its own that enforces the profile "restricted", with a database of its own.
import pg from 'pg';
import { campaignPod, outcomeOf, RELEASE, SMALL } from './campaign-pod.ts';
import { apply, helm, kubectl, type Pod, podsOf, until } from './kubectl.ts';
import { SETTINGS } from './settings.ts';

const CHART = 'charts/cpral';
const CAMPAIGN_LIMIT_MS = 12 * 60_000;

export interface Release {
  readonly namespace: string;
  upgrade(values: object): Promise<void>;
  /** Starts the command line in the cluster; its report is the last thing that it prints. */
  startCampaign(name: string, flags: readonly string[]): Promise<void>;
  /** @throws where the campaign has ended: whatever is done to it now disturbs nothing */
  stillRuns(name: string): Promise<void>;
  /** What the campaign labelled and what its models came to, cycle by cycle, once it has ended. */
  campaignEnd(name: string): Promise<readonly object[]>;
  remove(): Promise<void>;
}

export async function install(name: string, values: object = {}): Promise<Release> {
  const namespace = `cpral-test-${name}`;
  await removeNamespace(namespace);
  await kubectl('create', 'namespace', namespace);
  await kubectl('label', 'namespace', namespace, 'pod-security.kubernetes.io/enforce=restricted');
  const own = await ownValues(namespace, name);
  const upgrade = async (changes: object) => {
    const files = SETTINGS.servers ? [] : ['--values', `${CHART}/values-dev.yaml`];
    const args = [
      'upgrade',
      '--install',
      RELEASE,
      CHART,
      '--namespace',
      namespace,
      '--wait',
      '--timeout',
      '10m',
      ...files,
    ];
    await helm(args, merged(own, changes));
  };
  await upgrade(values);
  const phaseOf = async (pod: string) =>
    (await podsOf(namespace)).find(({ metadata }) => metadata.name === pod)?.status.phase ?? '';
  return {
    namespace,
    upgrade: (changes) => upgrade(merged(values, changes)),
    startCampaign: (pod, flags) => apply(namespace, campaignPod(namespace, pod, flags)),
    stillRuns: async (pod) => {
      const phase = await phaseOf(pod);
      if (phase !== 'Running') throw new Error(`campaign ${pod}: expected it to be under way, it is ${phase}`);
    },
    campaignEnd: async (pod) => {
      const phase = await until(
        `campaign ${pod}`,
        () => phaseOf(pod),
        (seen) => ['Succeeded', 'Failed'].includes(seen),
        CAMPAIGN_LIMIT_MS,
      );
      const log = await kubectl('logs', '--namespace', namespace, pod);
      if (phase !== 'Succeeded') throw new Error(`campaign ${pod} failed: ${log.slice(-4_000)}`);
      return outcomeOf(log);
    },
    async remove() {
      await helm(['uninstall', RELEASE, '--namespace', namespace, '--wait']);
      await removeNamespace(namespace);
    },
  };
}

async function removeNamespace(namespace: string): Promise<void> {
  await kubectl('delete', 'namespace', namespace, '--ignore-not-found', '--wait', '--timeout=5m');
}

async function ownValues(namespace: string, name: string): Promise<object> {
  const [registry, repository] = split(SETTINGS.imagePrefix);
  const image = { registry, repository, tag: SETTINGS.imageTag, pullPolicy: 'IfNotPresent' };
  const names = ['trainer', 'panoptic-scorer', 'region-selector', 'label-extender', 'oracle'];
  const services = {
    'pool-registry': { resources: SMALL },
    ...Object.fromEntries(names.map((each) => [each, { resources: SMALL }])),
  };
  const { servers } = SETTINGS;
  if (!servers) return { image, services };
  await apply(namespace, secret('database', { url: await freshDatabase(servers.databaseUrl, name) }));
  const { accessKeyId, secretAccessKey } = servers;
  await apply(namespace, secret('s3', { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }));
  await apply(namespace, secret('nats', { url: servers.natsUrl }));
  return {
    image,
    services,
    database: { existingSecret: 'database' },
    objects: { url: servers.objectsUrl, existingSecret: 's3' },
    nats: { existingSecret: 'nats' },
    // Servers of tests listen where they please.
    networkPolicy: { enabled: false },
    ...(SETTINGS.natsMonitoring && { keda: { natsMonitoring: SETTINGS.natsMonitoring } }),
  };
}

function split(prefix: string): [string, string] {
  const at = prefix.lastIndexOf('/');
  return at < 0 ? ['', prefix] : [prefix.slice(0, at), prefix.slice(at + 1)];
}

const secret = (name: string, stringData: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  stringData,
});

/** Campaigns that are equal are one: two releases must not share a database. */
async function freshDatabase(url: string, name: string): Promise<string> {
  const database = `cpral_test_${name}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`drop database if exists ${database} with (force)`);
    await client.query(`create database ${database}`);
  } finally {
    await client.end();
  }
  const fresh = new URL(url);
  fresh.pathname = `/${database}`;
  return fresh.href;
}

function merged(first: object, second: object): object {
  const result: Record<string, unknown> = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const before = result[key];
    result[key] = isObject(before) && isObject(value) ? merged(before, value) : value;
  }
  return result;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const isGoing = ({ metadata }: Pod) => metadata.deletionTimestamp !== undefined;
