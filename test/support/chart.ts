// The chart as Helm renders it, without a cluster.
import { spawnSync } from 'node:child_process';
import { inject } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { KUBERNETES_VERSION } from '../../deploy/kubernetes/schemas.ts';

export const CHART = 'charts/cpral';
export const RELEASE_NAMESPACE = 'vision';

/** What the chart cannot know. */
export const REQUIRED_VALUES = {
  database: { existingSecret: 'database' },
  objects: { url: 's3://cpral?endpoint=https://s3.example:443', existingSecret: 's3' },
  nats: { url: 'nats://nats.nats.svc:4222' },
};

const FOREIGN_APIS = [
  'keda.sh/v1alpha1',
  'monitoring.coreos.com/v1',
  'cert-manager.io/v1',
  'gateway.networking.k8s.io/v1',
];

export type Values = Readonly<Record<string, unknown>>;

/** An object of Kubernetes, as far as tests look at it. */
export interface Manifest {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  // biome-ignore lint/suspicious/noExplicitAny: manifests are as deep as they please, and tests say what they expect
  readonly [key: string]: any;
}

interface RenderOptions {
  readonly files?: readonly string[];
  /** Of a cluster with everything in it, or of a bare one. */
  readonly apis?: readonly string[];
  readonly kubernetes?: string;
}

/** @returns the YAML; throws what Helm says where it refuses */
export function renderText(
  values: Values = REQUIRED_VALUES,
  { files = [], apis = FOREIGN_APIS, kubernetes = KUBERNETES_VERSION }: RenderOptions = {},
): string {
  const settings = ['--namespace', RELEASE_NAMESPACE, '--kube-version', kubernetes];
  const given = [...files.flatMap((file) => ['--values', file]), '--values', '-'];
  return helm(
    ['template', 'cpral', CHART, ...settings, ...given, ...apis.flatMap((api) => ['--api-versions', api])],
    values,
  );
}

export function render(values?: Values, options?: RenderOptions): Manifest[] {
  return parseAllDocuments(renderText(values, options))
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

export function helm(args: readonly string[], values: Values): string {
  const { status, stdout, stderr } = spawnSync(tools().helm, args, { input: JSON.stringify(values), encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr || stdout);
  return stdout;
}

export function tools() {
  const found = inject('chartTools');
  if (!found) throw new Error('tests of the chart run in the project charts');
  return found;
}

export const of = (manifests: readonly Manifest[], kind: string) => manifests.filter((each) => each.kind === kind);

export function named(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = of(manifests, kind).find(({ metadata }) => metadata.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
}

/** Every pod that the chart makes, or lets the registry make. */
export function podsOf(
  manifests: readonly Manifest[],
): { name: string; spec: Manifest['spec']; labels: Record<string, string> }[] {
  return manifests.flatMap((manifest) => {
    const { kind, metadata, spec, data } = manifest;
    if (kind === 'Pod') return [{ name: metadata.name, spec, labels: { ...metadata.labels } }];
    if (kind === 'ConfigMap' && data['training-job.json']) {
      const job = JSON.parse(data['training-job.json']) as Manifest;
      return [{ name: 'training', spec: job.spec.template.spec, labels: job.spec.template.metadata.labels }];
    }
    const template = spec?.template;
    return template ? [{ name: metadata.name, spec: template.spec, labels: template.metadata.labels }] : [];
  });
}

const keda = { autoscaling: { mode: 'keda', minReplicas: 0 } };
const monitored = {
  serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
  prometheusRule: { enabled: true },
  grafanaDashboard: { enabled: true },
};

/** The combinations that are rendered and checked, each as somebody would install it. */
export const MATRIX: Readonly<Record<string, { readonly values: Values; readonly files?: readonly string[] }>> = {
  default: { values: REQUIRED_VALUES },
  'a try-out': { values: {}, files: [`${CHART}/values-dev.yaml`] },
  gpu: {
    values: {
      ...REQUIRED_VALUES,
      device: 'gpu',
      gpu: {
        resourceName: 'nvidia.com/mig-1g.10gb',
        nodeSelector: { 'nvidia.com/gpu.present': 'true' },
        runtimeClassName: 'nvidia',
      },
    },
  },
  'a claim for a device': {
    values: {
      ...REQUIRED_VALUES,
      device: 'gpu',
      gpu: { claim: { enabled: true, selectors: ['device.driver == "gpu.nvidia.com"'] } },
    },
  },
  jobs: {
    values: { ...REQUIRED_VALUES, training: { mode: 'jobs', queueName: 'vision', activeDeadlineSeconds: 86_400 } },
  },
  keda: {
    values: {
      ...REQUIRED_VALUES,
      keda: { natsMonitoring: 'nats.nats.svc:8222' },
      services: { 'panoptic-scorer': keda, 'region-selector': keda },
    },
  },
  'certificates by cert-manager': {
    values: { ...REQUIRED_VALUES, tls: { certManager: { enabled: true, issuerRef: { name: 'vision-ca' } } } },
  },
  'people and programs with identities': {
    values: {
      ...REQUIRED_VALUES,
      tls: { existingSecret: 'services-tls' },
      access: {
        oidc: { issuer: 'https://login.example', audiences: ['programs'] },
        adminKey: { existingSecret: 'first-key' },
      },
      labelTool: {
        signIn: { clientId: 'label-tool', url: 'https://label.example', existingSecret: 'label-tool' },
      },
    },
  },
  'people from outside': {
    values: {
      ...REQUIRED_VALUES,
      labelTool: {
        hosts: ['label.example.org'],
        ingress: { enabled: true, className: 'nginx', annotations: { 'example/size': '0' }, tlsSecret: 'label-tls' },
        httpRoute: { enabled: true, parentRefs: [{ name: 'edge', namespace: 'gateways' }] },
      },
    },
  },
  hpa: { values: { ...REQUIRED_VALUES, services: { 'label-extender': { autoscaling: { mode: 'hpa' } } } } },
  everything: {
    values: {
      ...REQUIRED_VALUES,
      nats: { existingSecret: 'nats' },
      objects: { ...REQUIRED_VALUES.objects, sessionTokenKey: 'AWS_SESSION_TOKEN' },
      image: {
        registry: 'images.example/vision',
        digests: { gpu: `sha256:${'a'.repeat(64)}` },
        pullSecrets: [{ name: 'pull' }],
      },
      device: 'gpu',
      gpu: { affinity: { nodeAffinity: {} } },
      caBundle: { configMap: 'authorities' },
      tls: { existingSecret: 'services-tls' },
      extraEnv: [{ name: 'HTTPS_PROXY', value: 'http://proxy:3128' }],
      tracing: { endpoint: 'http://collector:4318' },
      metrics: monitored,
      training: { mode: 'jobs', queueName: 'vision' },
      keda: { natsMonitoring: 'nats.nats.svc:8222' },
      pods: {
        labels: { team: 'vision' },
        annotations: { 'example/owner': 'vision' },
        nodeSelector: { pool: 'ml' },
        tolerations: [{ key: 'ml', operator: 'Exists' }],
        affinity: { podAntiAffinity: {} },
        priorityClassName: 'batch',
      },
      services: Object.fromEntries(
        ['panoptic-scorer', 'region-selector', 'label-extender', 'oracle'].map((name) => [name, keda]),
      ),
      networkPolicy: {
        clients: [{ namespaceSelector: { matchLabels: { team: 'vision' } } }],
        egress: { database: { to: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [5432] } },
      },
      serviceAccounts: { annotations: { 'example/role': 'vision' } },
    },
  },
  'next to nothing': {
    values: {
      ...REQUIRED_VALUES,
      metrics: { enabled: false },
      networkPolicy: { enabled: false },
      tests: { enabled: false },
      pods: { topologySpread: { enabled: false }, disruptionBudgets: false },
      services: { oracle: { enabled: false } },
    },
  },
};
