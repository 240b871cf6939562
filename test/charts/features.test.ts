// What a choice in the values changes, and what it leaves alone.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { jobOf, readJobTemplate } from '../../services/pool-registry/launcher/job-template.ts';
import { WORK_KINDS } from '../../services/shared/bus/bus.ts';
import { consumerName, WORK_STREAM } from '../../services/shared/bus/nats/topology.ts';
import { MATRIX, type Manifest, named, of, podsOf, REQUIRED_VALUES, render, type Values } from '../support/chart.ts';
import { documentedMetrics } from '../support/metric-docs.ts';
import { readPromql } from '../support/promql.ts';

const withValues = (values: Values) => render({ ...REQUIRED_VALUES, ...values });
const matrix = (name: keyof typeof MATRIX) => render(MATRIX[name]?.values, { files: MATRIX[name]?.files ?? [] });
const GPU_SERVICES = ['trainer', 'panoptic-scorer', 'region-selector'];

describe('a GPU', () => {
  const gpuOf = (manifests: readonly Manifest[], resource: string) =>
    podsOf(manifests)
      .filter(({ spec }) => spec.containers[0].resources.limits?.[resource] !== undefined)
      .map(({ spec }) => spec.containers[0].name);

  it('is asked for by nobody where the device is the CPU', () => {
    const manifests = render(REQUIRED_VALUES);
    expect(JSON.stringify(manifests)).not.toContain('nvidia.com');
    const images = new Set(podsOf(manifests).map(({ spec }) => spec.containers[0].image));
    expect(images).toEqual(new Set(['cpral-control:0.1.0', 'cpral-cpu:0.1.0']));
  });

  it('is asked for by those that compute on it, with the name, the count and the nodes that were chosen', () => {
    const manifests = matrix('gpu');
    expect(gpuOf(manifests, 'nvidia.com/mig-1g.10gb').sort()).toEqual([...GPU_SERVICES].sort());
    for (const { spec } of podsOf(manifests).filter(({ spec }) => GPU_SERVICES.includes(spec.containers[0].name))) {
      expect(spec.containers[0].resources.limits['nvidia.com/mig-1g.10gb']).toBe('1');
      expect(spec.containers[0].image).toBe('cpral-gpu:0.1.0');
      expect(spec).toMatchObject({
        nodeSelector: { 'nvidia.com/gpu.present': 'true' },
        tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
        runtimeClassName: 'nvidia',
      });
      expect(spec.containers[0].env).toContainEqual({ name: 'CPRAL_REQUIRE_GPU', value: '1' });
    }
    const others = podsOf(manifests).filter(({ spec }) => !GPU_SERVICES.includes(spec.containers[0].name));
    for (const { spec } of others) expect([spec.nodeSelector, spec.tolerations]).toEqual([undefined, undefined]);
  });

  it('can be left to a service, or taken from it', () => {
    const values = { device: 'gpu', services: { 'label-extender': { gpu: true }, 'region-selector': { gpu: false } } };
    expect(gpuOf(withValues(values), 'nvidia.com/gpu').sort()).toEqual([
      'label-extender',
      'panoptic-scorer',
      'trainer',
    ]);
  });

  it('is claimed and not counted where claims are on', () => {
    const manifests = matrix('a claim for a device');
    expect(gpuOf(manifests, 'nvidia.com/gpu')).toEqual([]);
    const template = of(manifests, 'ResourceClaimTemplate')[0]?.metadata.name;
    const claiming = podsOf(manifests).filter(({ spec }) => spec.resourceClaims !== undefined);
    expect(claiming.map(({ spec }) => spec.containers[0].name).sort()).toEqual([...GPU_SERVICES].sort());
    for (const { spec } of claiming) {
      expect(spec.resourceClaims).toEqual([{ name: 'gpu', resourceClaimTemplateName: template }]);
      expect(spec.containers[0].resources.claims).toEqual([{ name: 'gpu' }]);
    }
  });
});

describe('autoscaling', () => {
  it('by KEDA reads the consumers that the services make', () => {
    const scaled = of(matrix('everything'), 'ScaledObject');
    expect(scaled).toHaveLength(4);
    const consumers = WORK_KINDS.map(consumerName);
    for (const { spec } of scaled) {
      expect(spec.minReplicaCount).toBe(0);
      expect(spec.triggers).toHaveLength(1);
      expect(spec.triggers[0].metadata).toMatchObject({
        stream: WORK_STREAM,
        account: '$G',
        activationLagThreshold: '0',
      });
      expect(consumers).toContain(spec.triggers[0].metadata.consumer);
    }
    const { spec } = named(matrix('everything'), 'ScaledObject', 'cpral-region-selector');
    expect(spec.triggers[0].metadata.consumer).toBe(consumerName('find_regions'));
  });

  it.each(['keda', 'hpa'])('by %s is not undone by an upgrade: the Deployment says nothing of how many', (name) => {
    const manifests = matrix(name);
    const scaled = [...of(manifests, 'ScaledObject'), ...of(manifests, 'HorizontalPodAutoscaler')];
    expect(scaled.length).toBeGreaterThan(0);
    for (const { spec } of scaled) {
      expect(named(manifests, 'Deployment', spec.scaleTargetRef.name).spec).not.toHaveProperty('replicas');
      expect(JSON.stringify(spec)).toContain('stabilizationWindowSeconds');
    }
    expect(named(manifests, 'Deployment', 'cpral-oracle').spec.replicas).toBe(1);
  });

  it('by load never goes to zero: there would be no load again', () => {
    const oracle = { autoscaling: { mode: 'hpa', minReplicas: 0 } };
    expect(of(withValues({ services: { oracle } }), 'HorizontalPodAutoscaler')[0]?.spec.minReplicas).toBe(1);
  });

  it('leaves services that may have no pods out of the test of health', () => {
    const [test] = of(matrix('keda'), 'Pod').filter(({ metadata }) => metadata.name.endsWith('health'));
    expect(test?.spec.containers[0].args.join(' ')).toContain('cpral-oracle:4106');
    expect(test?.spec.containers[0].args.join(' ')).not.toContain('cpral-panoptic-scorer');
  });
});

describe('training as Jobs', () => {
  const manifests = matrix('jobs');
  const template = named(manifests, 'ConfigMap', 'cpral-training-job').data['training-job.json'] as string;

  it('leaves no trainer that waits', () => {
    const names = manifests
      .filter(({ kind }) => kind !== 'NetworkPolicy' && kind !== 'ServiceAccount')
      .map(({ metadata }) => metadata.name);
    expect(names).not.toContain('cpral-trainer');
    expect(of(render(REQUIRED_VALUES), 'Role')).toEqual([]);
  });

  it('gives the registry a template that it takes, where it looks for it', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'cpral-chart-'));
    try {
      const file = path.join(folder, 'training-job.json');
      await writeFile(file, template);
      const job = jobOf(await readJobTemplate(file), { itemId: 'c/0/2/0', failures: 0 });
      expect(job.metadata.name).toMatch(/^cpral-train-/);
      expect(JSON.stringify(job)).toContain('CPRAL_WORK_ITEM');
    } finally {
      await rm(folder, { recursive: true });
    }
    const { spec } = named(manifests, 'Deployment', 'cpral-pool-registry').spec.template;
    const location = spec.containers[0].env.find(
      ({ name }: { name: string }) => name === 'CPRAL_TRAINING_JOB_TEMPLATE',
    ).value;
    const mount = spec.containers[0].volumeMounts.find(({ name }: { name: string }) => name === 'training-job');
    expect(location).toBe(`${mount.mountPath}/training-job.json`);
  });

  it('loses no item by a disruption, counts crashes, and never has two pods on one', () => {
    const { spec, metadata } = JSON.parse(template) as Manifest;
    expect(spec).toMatchObject({
      completions: 1,
      parallelism: 1,
      backoffLimit: 6,
      podReplacementPolicy: 'Failed',
      activeDeadlineSeconds: 86_400,
    });
    expect(spec.podFailurePolicy.rules).toEqual([
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
      { action: 'Ignore', onExitCodes: { containerName: 'trainer', operator: 'In', values: [143] } },
    ]);
    expect(spec.template.spec.containers[0].name).toBe('trainer');
    expect(spec.template.spec.restartPolicy).toBe('Never');
    // Suspended by Kueue alone, and by its label.
    expect(spec).not.toHaveProperty('suspend');
    expect(metadata.labels).toHaveProperty(['kueue.x-k8s.io/queue-name'], 'vision');
  });

  it('starts the registry anew where the template changes', () => {
    const sum = (values: Values) =>
      named(withValues(values), 'Deployment', 'cpral-pool-registry').spec.template.metadata.annotations[
        'checksum/training-job'
      ];
    expect(sum({ training: { mode: 'jobs' } })).not.toBe(sum({ training: { mode: 'jobs', backoffLimit: 1 } }));
    expect(sum({})).toBeUndefined();
  });
});

describe('certificates between services', () => {
  const FILES = ['CPRAL_TLS_CERT_FILE', 'CPRAL_TLS_KEY_FILE', 'CPRAL_TLS_CA_FILE'];
  const envOf = (spec: Manifest['spec']) => new Map(spec.containers[0].env.map((each: Env) => [each.name, each.value]));
  type Env = { readonly name: string; readonly value?: string };

  it('are not asked for by default, and then every service says that plaintext is meant', () => {
    const manifests = render(REQUIRED_VALUES);
    expect(of(manifests, 'Certificate')).toEqual([]);
    for (const { spec } of podsOf(manifests)) {
      expect(envOf(spec).get('CPRAL_ALLOW_PLAINTEXT')).toBe('1');
      expect(envOf(spec).has(FILES[0])).toBe(false);
    }
  });

  it.each(['certificates by cert-manager', 'everything'] as const)(
    'are in every pod where they are on, and plaintext is not: %s',
    (name) => {
      const pods = podsOf(matrix(name)).filter(({ spec }) => spec.containers[0].image.includes('cpral-'));
      expect(pods.length).toBeGreaterThan(5);
      for (const { spec } of pods) {
        const { secretName } = spec.volumes.find((volume: Env) => volume.name === 'tls').secret;
        const { mountPath } = spec.containers[0].volumeMounts.find((mount: Env) => mount.name === 'tls');
        expect(secretName).toMatch(name === 'everything' ? /^services-tls$/ : /^cpral-[a-z-]+-tls$/);
        for (const file of FILES)
          expect(envOf(spec).get(file)).toMatch(new RegExp(`^${mountPath}/[a-z]+\\.(crt|key)$`));
        expect(envOf(spec).has('CPRAL_ALLOW_PLAINTEXT')).toBe(false);
      }
    },
  );

  it("of cert-manager have the names that the services are called by, and a service's pods show its own", () => {
    const manifests = matrix('certificates by cert-manager');
    const registry = named(manifests, 'Deployment', 'cpral-oracle').spec.template.spec;
    const [host] = (envOf(registry).get('CPRAL_REGISTRY') as string).split(':');
    const certificate = named(manifests, 'Certificate', 'cpral-pool-registry').spec;
    expect(certificate.dnsNames).toContain(host);
    const [health] = of(manifests, 'Pod').filter(({ metadata }) => metadata.name.endsWith('health'));
    for (const address of health?.spec.containers[0].args.filter((arg: string) => /:\d+$/.test(arg)) ?? []) {
      const [service] = address.split(':');
      expect(named(manifests, 'Certificate', service).spec.dnsNames).toContain(service);
    }
    const made = of(manifests, 'Certificate').map(({ spec }) => spec.secretName);
    for (const { spec } of podsOf(manifests))
      expect(made).toContain(spec.volumes.find((volume: Env) => volume.name === 'tls').secret.secretName);
    expect(certificate.usages).toEqual(expect.arrayContaining(['client auth', 'server auth']));
  });

  it('come from one place', () => {
    const issuerRef = { name: 'ca' };
    expect(() => withValues({ tls: { existingSecret: 'tls', certManager: { enabled: true, issuerRef } } })).toThrow(
      'expected either existingSecret or certManager.enabled',
    );
    expect(() => withValues({ tls: { certManager: { enabled: true } } })).toThrow('issuerRef.name: expected the name');
  });
});

describe('network policies', () => {
  const manifests = matrix('everything');
  const policy = (name: string) => named(manifests, 'NetworkPolicy', `cpral-${name}`).spec;

  it('deny everything to every pod of the release first', () => {
    expect(policy('default-deny')).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/name': 'cpral', 'app.kubernetes.io/instance': 'cpral' } },
      policyTypes: ['Ingress', 'Egress'],
    });
    for (const { labels } of podsOf(manifests))
      expect(labels).toMatchObject(policy('default-deny').podSelector.matchLabels);
  });

  it('let the registry alone reach the database and the API of the cluster', () => {
    const ports = policy('pool-registry').egress.flatMap((rule: { ports: { port: number }[] }) =>
      rule.ports.map(({ port }) => port),
    );
    expect(ports).toEqual([5432, 443, 6443]);
    expect(policy('pool-registry').egress[0].to).toEqual([{ ipBlock: { cidr: '10.0.0.0/8' } }]);
    expect(policy('trainer')).not.toHaveProperty('egress');
    expect(JSON.stringify(policy('all'))).not.toContain('5432');
  });

  it('let in the release itself, the clients that were named, probes, and who reads metrics', () => {
    const [api, probes, metrics] = policy('pool-registry').ingress;
    expect(api.ports).toEqual([{ port: 'grpc' }]);
    expect(api.from).toHaveLength(2);
    expect(api.from[1]).toEqual({ namespaceSelector: { matchLabels: { team: 'vision' } } });
    expect(probes).toEqual({ ports: [{ port: 'health' }] });
    expect(metrics.from).toEqual([
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } },
    ]);
  });

  it('are gone where they are switched off', () => {
    expect(of(matrix('next to nothing'), 'NetworkPolicy')).toEqual([]);
  });
});

describe('disruption', () => {
  it('takes one pod of a service at a time, and never waits for a service of one', () => {
    const manifests = render(REQUIRED_VALUES);
    expect(of(manifests, 'PodDisruptionBudget')).toHaveLength(of(manifests, 'Deployment').length);
    for (const { spec } of of(manifests, 'PodDisruptionBudget')) expect(spec.maxUnavailable).toBe(1);
  });

  it('of an upgrade keeps a registry, and asks for no GPU that is not there', () => {
    const manifests = matrix('gpu');
    const updates = of(manifests, 'Deployment').map(({ metadata, spec }) => [
      metadata.name,
      spec.strategy.rollingUpdate,
    ]);
    expect(Object.fromEntries(updates)).toMatchObject({
      'cpral-pool-registry': { maxSurge: 1, maxUnavailable: 0 },
      'cpral-trainer': { maxSurge: 0, maxUnavailable: 1 },
    });
  });
});

describe('monitoring', () => {
  const manifests = withValues({
    metrics: {
      serviceMonitor: { enabled: true },
      prometheusRule: { enabled: true },
      grafanaDashboard: { enabled: true },
    },
  });

  it('alerts by metrics and labels that the services have', async () => {
    const documented = await documentedMetrics();
    const [rule] = of(manifests, 'PrometheusRule');
    const rules = rule?.spec.groups[0].rules as { expr: string }[];
    expect(rules).toHaveLength(4);
    for (const { selectors } of rules.map(({ expr }) => readPromql(expr))) {
      expect(selectors.length).toBeGreaterThan(0);
      for (const { metric, labels } of selectors) {
        const known = documented.get(metric)?.labels ?? [`no ${metric}`];
        // Prometheus adds these two.
        expect([...known, 'namespace', 'pod']).toEqual(expect.arrayContaining([...labels]));
        expect(documented.has(metric), metric).toBe(true);
      }
    }
  });

  it('asks the port that the Services have', () => {
    const [monitor] = of(manifests, 'ServiceMonitor');
    const services = of(manifests, 'Service').filter(({ spec }) =>
      spec.ports.some(({ name }: { name: string }) => name === 'metrics'),
    );
    expect(services).toHaveLength(7);
    expect(monitor?.spec.endpoints[0].port).toBe('metrics');
    expect(services[0]?.metadata.labels).toMatchObject(monitor?.spec.selector.matchLabels);
  });

  it('brings the dashboard as it is', () => {
    expect(JSON.parse(named(manifests, 'ConfigMap', 'cpral-dashboard').data['cpral.json'])).toHaveProperty('panels');
  });
});

describe('a try-out', () => {
  const manifests = matrix('a try-out');

  it('brings its servers along, each with its state on a claim', () => {
    const sets = of(manifests, 'StatefulSet');
    expect(sets.map(({ metadata }) => metadata.name)).toEqual(['cpral-dev-nats', 'cpral-dev-postgres', 'cpral-dev-s3']);
    for (const { spec } of sets) {
      const [claim] = spec.volumeClaimTemplates;
      const mounts = spec.template.spec.containers[0].volumeMounts.map(({ name }: { name: string }) => name);
      expect(mounts).toContain(claim.metadata.name);
    }
  });

  it('sends its services there', () => {
    const env = named(manifests, 'Deployment', 'cpral-pool-registry').spec.template.spec.containers[0].env;
    const services = of(manifests, 'Service');
    const port = (name: string) => services.find(({ metadata }) => metadata.name === name)?.spec.ports[0].port;
    expect(env).toContainEqual({ name: 'CPRAL_NATS_URL', value: `nats://cpral-dev-nats:${port('cpral-dev-nats')}` });
    const objects = env.find(({ name }: { name: string }) => name === 'CPRAL_OBJECTS_URL').value;
    expect(objects).toBe(`s3://cpral?endpoint=http://cpral-dev-s3:${port('cpral-dev-s3')}&create=true`);
    const [secret] = of(manifests, 'Secret');
    expect(secret?.stringData.url).toMatch(/^postgres:\/\/cpral:\w{32}@cpral-dev-postgres:5432\/cpral$/);
    expect(secret?.stringData.AWS_SECRET_ACCESS_KEY).toMatch(/^\w{32}$/);
  });

  it('lets the services reach them', () => {
    const text = JSON.stringify(of(manifests, 'NetworkPolicy').filter(({ metadata }) => metadata.name === 'cpral-all'));
    // Their pods belong to the release, so the rule for the release's own pods lets them through.
    expect(text).toContain('"to":[{"podSelector":{"matchLabels":{"app.kubernetes.io/instance":"cpral"');
  });
});

describe('helm test', () => {
  it('asks every service, then runs a campaign whose flags the command line knows', async () => {
    const { parseArguments } = await import('../../services/cli/arguments.ts');
    const tests = of(render(REQUIRED_VALUES), 'Pod');
    expect(tests).toHaveLength(2);
    for (const { spec } of tests) {
      const [program, ...words] = spec.containers[0].args as string[];
      expect(program).toBe('services/cli/main.ts');
      expect(['health', 'run']).toContain(parseArguments(words, '0').name);
    }
  });
});

describe('the label tool', () => {
  const labelTool = { hosts: ['label.example.org', 'label.example.com'], ingress: { enabled: true, tlsSecret: 'tls' } };

  it('is reached inside alone, unless somebody opens a way', () => {
    const manifests = render(REQUIRED_VALUES);
    expect(of(manifests, 'Ingress')).toEqual([]);
    expect(of(manifests, 'HTTPRoute')).toEqual([]);
    const service = named(manifests, 'Service', 'cpral-label-tool').spec;
    expect(service.clusterIP).toBeUndefined();
    expect(service.ports[0]).toMatchObject({ name: 'http', port: 8080, targetPort: 'http' });
  });

  it('answers to the names of its ingress, and has one path from outside to its port', () => {
    const manifests = withValues({ labelTool });
    const [ingress] = of(manifests, 'Ingress');
    expect(ingress?.spec.rules.map(({ host }: { host: string }) => host)).toEqual(labelTool.hosts);
    expect(ingress?.spec.tls).toEqual([{ hosts: labelTool.hosts, secretName: 'tls' }]);
    const [container] = named(manifests, 'Deployment', 'cpral-label-tool').spec.template.spec.containers;
    expect(container.env).toContainEqual({ name: 'CPRAL_LABEL_TOOL_HOSTS', value: labelTool.hosts.join(',') });
    expect(container.env).toContainEqual({ name: 'CPRAL_LABEL_TOOL_LISTEN', value: '0.0.0.0:8080' });
    expect(container.ports[0]).toEqual({ name: 'http', containerPort: 8080 });
  });

  it('knows neither the store nor the queue: it has all from the registry', () => {
    const [container] = named(render(REQUIRED_VALUES), 'Deployment', 'cpral-label-tool').spec.template.spec.containers;
    const names = container.env.map(({ name }: { name: string }) => name);
    expect(names).toContain('CPRAL_REGISTRY');
    expect(names.filter((name: string) => /OBJECTS|AWS|NATS|DATABASE/.test(name))).toEqual([]);
  });

  it('takes a Gateway’s route in place of an ingress', () => {
    const httpRoute = { enabled: true, parentRefs: [{ name: 'edge' }] };
    const [route] = of(withValues({ labelTool: { hosts: ['label.example.org'], httpRoute } }), 'HTTPRoute');
    expect(route?.spec).toMatchObject({ parentRefs: [{ name: 'edge' }], hostnames: ['label.example.org'] });
  });
});
