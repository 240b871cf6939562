// What the tests on a cluster need, and how they are told:
//
//   KUBECONFIG          a cluster, Kubernetes 1.30 or newer, in which one may make and delete namespaces; kubectl on PATH
//   CPRAL_IMAGE_PREFIX  the images of deploy/build: PREFIX-control:TAG and PREFIX-cpu:TAG (default localhost/cpral)
//   CPRAL_IMAGE_TAG     (default: the chart's appVersion). The nodes must have them, or be able to pull them.
//   CPRAL_DATABASE_URL, CPRAL_OBJECTS_URL, CPRAL_NATS_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY
//                       servers that both pods and this process reach under these addresses. The user of the database may make
//                       databases. Left out: each release brings its own servers along, whose images the nodes then pull, and whose
//                       claims a default storage class must bind.
//   CPRAL_NATS_MONITORING  HOST:PORT of NATS's monitoring, for KEDA, where the servers are not the release's own
//
//   CPRAL_CLUSTER_KIT   in place of all of the above: a folder of commands that make a cluster, servers and images
//                       (deploy/kubernetes/on-kit.ts)
//
// KEDA's part is skipped where there is none, and says so. Nodes with GPUs are made by the tests: numbers named cpral-test-gpu-..., which
// a cloud's controller must not tidy away. Each namespace is named cpral-test-... and deleted in the end. A campaign takes a minute or two
// on two cores; all of it some ten. Nodes are drained, of the services' pods alone: let the cluster be one for tests.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const { appVersion } = parse(readFileSync('charts/cpral/Chart.yaml', 'utf8')) as { appVersion: string };

export const SETTINGS = {
  imagePrefix: process.env.CPRAL_IMAGE_PREFIX ?? 'localhost/cpral',
  imageTag: process.env.CPRAL_IMAGE_TAG ?? appVersion,
  natsMonitoring: process.env.CPRAL_NATS_MONITORING,
  servers: readServers(),
};

interface Servers {
  readonly databaseUrl: string;
  readonly objectsUrl: string;
  readonly natsUrl: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

function readServers(): Servers | undefined {
  const { CPRAL_DATABASE_URL: databaseUrl } = process.env;
  if (!databaseUrl) return undefined;
  return {
    databaseUrl,
    objectsUrl: required('CPRAL_OBJECTS_URL'),
    natsUrl: required('CPRAL_NATS_URL'),
    accessKeyId: required('AWS_ACCESS_KEY_ID'),
    secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
  };
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name}: expected a value beside CPRAL_DATABASE_URL, got nothing`);
  return value;
}
