// What every pod of the chart is like, whatever is chosen: what Pod Security's profile "restricted" demands, and what the services need.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { MATRIX, type Manifest, podsOf, REQUIRED_VALUES, render } from '../support/chart.ts';

const rendered = Object.entries(MATRIX).map(([name, { values, files = [] }]) => ({
  name,
  manifests: render(values, { files }),
}));
const pods = rendered.flatMap(({ name, manifests }) =>
  podsOf(manifests).map((pod) => ({ ...pod, name: `${pod.name} for ${name}` })),
);
const containers = pods.flatMap(({ name, spec }) =>
  (spec.containers as Manifest['spec'][]).map((container) => ({ name, spec, container })),
);
const sources = readdirSync('services', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(path.join('services', file), 'utf8'));

/** https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
describe.each(pods)('$name is restricted', ({ spec }) => {
  it('shares nothing with its node', () => {
    expect([spec.hostNetwork, spec.hostPID, spec.hostIPC]).toEqual([undefined, undefined, undefined]);
    const kinds = (spec.volumes ?? []).flatMap((volume: object) => Object.keys(volume).filter((key) => key !== 'name'));
    expect(['configMap', 'emptyDir', 'secret', 'persistentVolumeClaim', 'projected']).toEqual(
      expect.arrayContaining(kinds),
    );
    for (const { ports = [], securityContext } of spec.containers) {
      for (const port of ports) expect(port.hostPort).toBeUndefined();
      expect([securityContext.privileged, securityContext.procMount, securityContext.seLinuxOptions]).toEqual(
        Array(3).fill(undefined),
      );
    }
  });

  it("runs as a user without rights, on system calls of the runtime's choice", () => {
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(spec.securityContext.runAsUser).toBeGreaterThan(0);
    for (const { securityContext } of spec.containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  it('can write where its services do, and nowhere else but on claims', () => {
    for (const { volumeMounts } of spec.containers) {
      const writable = volumeMounts.filter((mount: { readOnly?: boolean }) => !mount.readOnly);
      expect(writable.map((mount: { mountPath: string }) => mount.mountPath)).toContain('/tmp');
    }
  });

  it('says what it needs and how much it may take', () => {
    for (const { resources } of spec.containers) {
      expect(resources.requests).toMatchObject({ cpu: expect.anything(), memory: expect.anything() });
      expect(resources.limits.memory).toBeDefined();
    }
  });
});

describe('tokens', () => {
  it('are mounted into the registry alone, where it makes Jobs', () => {
    const mounting = pods.filter(({ spec }) => spec.automountServiceAccountToken !== false).map(({ name }) => name);
    expect(mounting).toEqual(['cpral-pool-registry for jobs', 'cpral-pool-registry for everything']);
  });

  it('of that registry make, list and delete Jobs, and nothing else', () => {
    const roles = rendered.flatMap(({ manifests }) => manifests.filter(({ kind }) => /Role$/.test(kind)));
    expect(roles.map(({ kind }) => kind)).toEqual(['Role', 'Role']);
    for (const { rules } of roles) {
      expect(rules).toEqual([{ apiGroups: ['batch'], resources: ['jobs'], verbs: ['create', 'list', 'delete'] }]);
    }
  });
});

describe('the environment', () => {
  /** Read by libraries, and by them alone. */
  const FOREIGN = ['CUDA_CACHE_PATH', 'NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY'];
  const ours = containers.filter(({ name }) => !name.startsWith('cpral-dev-'));

  it('of a pod holds what the services read, and nothing twice', () => {
    for (const { name, container } of ours) {
      const names = ((container.env ?? []) as { name: string }[]).map((variable) => variable.name);
      expect(names, name).toEqual([...new Set(names)]);
      const unread = names.filter((each) => !FOREIGN.includes(each) && !sources.some((text) => text.includes(each)));
      expect(unread, name).toEqual([]);
    }
  });

  it('of a pod holds what its service cannot do without', () => {
    const needed = { 'pool-registry': 'CPRAL_DATABASE_URL', trainer: 'CPRAL_REGISTRY', oracle: 'CPRAL_REGISTRY' };
    for (const [service, variable] of Object.entries(needed)) {
      const found = ours.filter(({ container }) => container.name === service);
      expect(found.length).toBeGreaterThan(0);
      for (const { container } of found) {
        const names = container.env.map((each: { name: string }) => each.name);
        expect(names).toEqual(expect.arrayContaining([variable, 'CPRAL_OBJECTS_URL', 'AWS_SECRET_ACCESS_KEY']));
      }
    }
  });

  it('has secrets by reference alone', () => {
    for (const { container } of containers) {
      for (const { name, value } of (container.env ?? []) as { name: string; value?: string }[]) {
        // A file's name is none.
        if (/PASSWORD|SECRET|KEY_ID|DATABASE_URL|TOKEN/.test(name) && !name.endsWith('_FILE'))
          expect(value, name).toBeUndefined();
      }
    }
    const secrets = rendered.flatMap(({ name, manifests }) =>
      manifests.filter(({ kind }) => kind === 'Secret').map(() => name),
    );
    expect(secrets).toEqual(['a try-out']);
  });
});

describe('ports', () => {
  it('are those of the services, in pods, Services and addresses', () => {
    const manifests = render(REQUIRED_VALUES);
    for (const service of [
      'pool-registry',
      'trainer',
      'panoptic-scorer',
      'region-selector',
      'label-extender',
      'oracle',
    ]) {
      const port = Number(/DEFAULT_PORT = (\d+)/.exec(readFileSync(`services/${service}/config.ts`, 'utf8'))?.[1]);
      const find = (kind: string) =>
        manifests.find((each) => each.kind === kind && each.metadata.name === `cpral-${service}`);
      const container = find('Deployment')?.spec.template.spec.containers[0];
      const listens = (name: string) => container.env.find((each: { name: string }) => each.name === name)?.value;
      expect(container.ports).toContainEqual({ name: 'grpc', containerPort: port });
      expect(listens('CPRAL_LISTEN')).toBe(`0.0.0.0:${port}`);
      expect(find('Service')?.spec).toMatchObject({
        clusterIP: 'None',
        ports: [{ name: 'grpc', port }, { name: 'metrics' }],
      });
      const health = container.ports.find((each: { name: string }) => each.name === 'health').containerPort;
      expect(listens('CPRAL_HEALTH_LISTEN')).toBe(`0.0.0.0:${health}`);
      expect(container.livenessProbe.grpc).toEqual({ port: health, service: 'liveness' });
      expect(container.startupProbe.grpc).toEqual({ port: health, service: 'liveness' });
      expect(container.readinessProbe.grpc).toEqual({ port: health, service: 'readiness' });
      if (service !== 'pool-registry') expect(listens('CPRAL_REGISTRY')).toBe('cpral-pool-registry.vision.svc:4101');
    }
  });
});

describe('a pod that is told to end', () => {
  const limitMs = (file: string, name: string) =>
    Number(new RegExp(`${name} = ([\\d_]+)`).exec(readFileSync(file, 'utf8'))?.[1]?.replaceAll('_', ''));

  it('has time for its last calls, its item, its servers and its bus', () => {
    const workMs = limitMs('services/shared/worker/run-worker-service.ts', 'STOP_GRACE_MS');
    const serverMs = limitMs('services/shared/grpc/server.ts', 'SHUTDOWN_GRACE_MS');
    const reportMs = limitMs('services/shared/worker/work-reports.ts', 'CALL_DEADLINE_MS');
    for (const { spec } of pods.filter(
      ({ spec }) => spec.containers[0].args?.[0]?.endsWith('/main.ts') && spec.restartPolicy !== 'Never',
    )) {
      const preStopMs = 1_000 * spec.containers[0].lifecycle.preStop.sleep.seconds;
      const neededMs = preStopMs + workMs + reportMs + 2 * serverMs;
      expect(neededMs).toBeGreaterThan(20_000);
      expect(1_000 * spec.terminationGracePeriodSeconds).toBeGreaterThan(neededMs);
    }
  });
});
