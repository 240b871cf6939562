// The command line in a pod of its own, as somebody in the cluster would run it, and what it says in the end.
import { SETTINGS } from './settings.ts';

export const RELEASE = 'cpral';
export const SMALL = { requests: { cpu: '50m', memory: '128Mi' } };

export function campaignPod(namespace: string, name: string, flags: readonly string[]): object {
  const address = `${RELEASE}-pool-registry.${namespace}.svc:4101`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      // The release's own pods may call the registry.
      labels: {
        'app.kubernetes.io/name': 'cpral',
        'app.kubernetes.io/instance': RELEASE,
        'app.kubernetes.io/component': 'test',
      },
    },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'cpral',
          image: `${SETTINGS.imagePrefix}-control:${SETTINGS.imageTag}`,
          // One stream: of two, lines of the one may come to stand inside the other's.
          command: ['sh', '-c', 'exec node "$@" 2>&1', 'cpral'],
          args: ['services/cli/main.ts', 'run', '--address', address, '--out', '/tmp/out', '--json', ...flags],
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          resources: SMALL,
          volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        },
      ],
      volumes: [{ name: 'tmp', emptyDir: {} }],
    },
  };
}

/** Without names and times: what equal campaigns have in common, to the last digit of their losses. */
export function outcomeOf(log: string): readonly object[] {
  const report = JSON.parse(log.slice(log.indexOf('{\n'), log.lastIndexOf('\n}') + 2)) as {
    campaigns: { cycles: Record<string, unknown>[] }[];
  };
  return report.campaigns.flatMap(({ cycles }) => cycles.map(({ seconds: _, modelId: __, ...cycle }) => cycle));
}
