import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { KUBERNETES_VERSION } from '../../deploy/kubernetes/schemas.ts';
import { CHART, helm, MATRIX, REQUIRED_VALUES, render, renderText, tools } from '../support/chart.ts';

describe.each(Object.entries(MATRIX))('the chart for %s', (_, { values, files = [] }) => {
  it('has nothing that Helm would complain of', () => {
    const given = [...files, '-'].flatMap((file) => ['--values', file]);
    const said = helm(['lint', CHART, '--strict', '--kube-version', KUBERNETES_VERSION, ...given], values);
    expect(said).toContain('0 chart(s) failed');
  });

  it('makes objects that Kubernetes knows, without an unknown field', () => {
    const location = `${tools().schemas}/{{ .ResourceKind }}{{ .KindSuffix }}.json`;
    const { status, stdout } = spawnSync(tools().kubeconform, ['-strict', '-summary', '-schema-location', location], {
      input: renderText(values, { files }),
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/Invalid: 0, Errors: 0, Skipped: 0/);
    expect(status).toBe(0);
  });

  it("gives every object a name of its own, and the release's labels", () => {
    const manifests = render(values, { files });
    const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names).toEqual([...new Set(names)]);
    expect(names.length).toBeGreaterThan(10);
    for (const { kind, metadata } of manifests)
      expect(metadata.labels, `${kind} ${metadata.name}`).toMatchObject({
        'app.kubernetes.io/instance': 'cpral',
        'app.kubernetes.io/part-of': 'cpral',
      });
  });
});

describe('a schema that the chart is checked against', () => {
  it('refuses what Kubernetes would', () => {
    const location = `${tools().schemas}/{{ .ResourceKind }}{{ .KindSuffix }}.json`;
    const refused = (text: string) =>
      spawnSync(tools().kubeconform, ['-strict', '-schema-location', location], { input: text, encoding: 'utf8' })
        .status !== 0;
    const deployment =
      renderText()
        .split('---')
        .find((text) => text.includes('kind: Deployment')) ?? '';
    expect(refused(deployment)).toBe(false);
    expect(refused(deployment.replace('revisionHistoryLimit', 'revisionHistoryLimits'))).toBe(true);
    expect(refused(deployment.replace('readOnlyRootFilesystem: true', 'readOnlyRootFilesystem: "yes"'))).toBe(true);
  });
});

describe('a bare cluster', () => {
  const bare = { apis: [] };

  it('gets the chart without any kind of others', () => {
    const groups = render(REQUIRED_VALUES, bare).map(({ apiVersion }) => apiVersion);
    expect(groups.filter((group) => /keda|coreos|cert-manager|resource\.k8s/.test(group))).toEqual([]);
  });

  it.each([
    ['metrics.serviceMonitor.enabled', { metrics: { serviceMonitor: { enabled: true } } }],
    ['tls.certManager.enabled', { tls: { certManager: { enabled: true, issuerRef: { name: 'ca' } } } }],
    [
      'labelTool.httpRoute.enabled',
      { labelTool: { hosts: ['label.example.org'], httpRoute: { enabled: true, parentRefs: [{ name: 'edge' }] } } },
    ],
    ['metrics.prometheusRule.enabled', { metrics: { prometheusRule: { enabled: true } } }],
    [
      'services.oracle.autoscaling.mode',
      { keda: { natsMonitoring: 'nats:8222' }, services: { oracle: { autoscaling: { mode: 'keda' } } } },
    ],
  ])('refuses %s, and says what is missing', (name, values) => {
    expect(() => render({ ...REQUIRED_VALUES, ...values }, bare)).toThrow(
      new RegExp(`${name}.*is on, but the cluster has no`),
    );
  });

  it('that is older than the claims for devices refuses them', () => {
    const values = { ...REQUIRED_VALUES, device: 'gpu', gpu: { claim: { enabled: true } } };
    expect(() => render(values, { kubernetes: '1.33.2' })).toThrow('Kubernetes v1.33.2 has no resource.k8s.io/v1');
  });

  it('that is older than the chart can bear is refused', () => {
    expect(() => render(REQUIRED_VALUES, { kubernetes: '1.29.0' })).toThrow('chart requires kubeVersion');
  });
});
