// JSON schemas for kubeconform, from the API description that Kubernetes carries in its sources, and from the custom resources of others.
// Made once into the cache; nothing but Go's module proxy is asked.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { cacheFolder } from '../servers/go-install.ts';
import type { Say } from '../servers/say.ts';
import { fetchGoModule } from './go-module.ts';

export const KUBERNETES_VERSION = '1.35.4';
/** Whose custom resources the chart makes, and where their definitions are. */
const FOREIGN = [
  { module: 'github.com/kedacore/keda/v2', version: '2.21.0', folder: 'config/crd/bases' },
  {
    module: 'github.com/prometheus-operator/prometheus-operator',
    version: '0.85.0',
    folder: 'example/prometheus-operator-crd',
  },
  { module: 'github.com/cert-manager/cert-manager', version: '1.21.2', folder: 'deploy/crds' },
  { module: 'sigs.k8s.io/gateway-api', version: '1.4.1', folder: 'config/crd/standard' },
];
/** Part of the cache's key: a change of this file makes new schemas. */
const RECIPE = 1;
/** DeleteOptions and the like belong to every group. */
const MAX_KINDS_OF_A_TYPE = 3;

type Json = { readonly [key: string]: unknown };

/** @returns the folder, with a file as kubeconform's template {{ .ResourceKind }}{{ .KindSuffix }}.json names it */
export async function kubernetesSchemas(say: Say): Promise<string> {
  const versions = [KUBERNETES_VERSION, ...FOREIGN.map(({ version }) => version)].join('-');
  const target = path.join(cacheFolder(), `kubernetes-schemas-${versions}-${RECIPE}`);
  if (existsSync(target)) return target;
  say(`making schemas of Kubernetes ${KUBERNETES_VERSION} (once, 30 MB)`);
  await mkdir(path.dirname(target), { recursive: true });
  const folder = await mkdtemp(`${target}.part-`);
  try {
    const kubernetes = await fetchGoModule('k8s.io/kubernetes', KUBERNETES_VERSION);
    await writeOwn(path.join(kubernetes, 'api/openapi-spec/swagger.json'), folder);
    for (const { module, version, folder: crds } of FOREIGN)
      await writeForeign(path.join(await fetchGoModule(module, version), crds), folder);
    await rename(folder, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return target;
}

async function writeOwn(swagger: string, folder: string): Promise<void> {
  const { definitions } = JSON.parse(readFileSync(swagger, 'utf8')) as { definitions: Record<string, Json> };
  for (const [name, definition] of Object.entries(definitions)) {
    const kinds = (definition['x-kubernetes-group-version-kind'] ?? []) as {
      group: string;
      version: string;
      kind: string;
    }[];
    if (kinds.length > MAX_KINDS_OF_A_TYPE) continue;
    for (const kind of kinds) {
      const needed = Object.fromEntries(
        closure(definitions, name).map((each) => [each, strict(definitions[each] ?? {}, each)]),
      );
      await write(folder, kind, { $ref: `#/definitions/${name}`, definitions: needed });
    }
  }
}

async function writeForeign(crds: string, folder: string): Promise<void> {
  for (const file of readdirSync(crds).filter((name) => name.endsWith('.yaml'))) {
    for (const document of parseAllDocuments(readFileSync(path.join(crds, file), 'utf8'))) {
      const crd = document.toJS() as {
        kind?: string;
        spec: { group: string; names: { kind: string }; versions: Version[] };
      } | null;
      if (crd?.kind !== 'CustomResourceDefinition') continue;
      const { group, names, versions } = crd.spec;
      for (const { name: version, schema } of versions)
        await write(folder, { group, version, kind: names.kind }, withObjectFields(strict(schema.openAPIV3Schema)));
    }
  }
}

interface Version {
  readonly name: string;
  readonly schema: { readonly openAPIV3Schema: Json };
}

/** Of metadata a definition says nothing but that it is there. */
function withObjectFields(schema: Json): Json {
  return { ...schema, properties: { ...(schema.properties as Json), metadata: { type: 'object' } } };
}

async function write(
  folder: string,
  kind: { group: string; version: string; kind: string },
  schema: Json,
): Promise<void> {
  const group = kind.group ? `${kind.group.split('.')[0]}-` : '';
  const file = path.join(folder, `${kind.kind.toLowerCase()}-${group}${kind.version}.json`);
  await writeFile(file, JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...schema }));
}

/** A copy that refuses unknown fields, as the API server does; descriptions go, they are most of the size. */
function strict(schema: Json, name = ''): Json {
  if (name.endsWith('util.intstr.IntOrString')) return { oneOf: [{ type: 'string' }, { type: 'integer' }] };
  if (name.endsWith('api.resource.Quantity')) return { oneOf: [{ type: 'string' }, { type: 'number' }] };
  const { description: _, ...copy } = schema;
  const inside = (value: unknown) => (isObject(value) ? strict(value) : value);
  const properties = copy.properties as Json | undefined;
  if (copy['x-kubernetes-int-or-string']) return { oneOf: [{ type: 'string' }, { type: 'integer' }] };
  return {
    ...copy,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, inside(value)])),
    }),
    ...(isObject(copy.items) && { items: inside(copy.items) }),
    ...(isObject(copy.additionalProperties)
      ? { additionalProperties: inside(copy.additionalProperties) }
      : properties && !copy['x-kubernetes-preserve-unknown-fields'] && { additionalProperties: false }),
  };
}

function closure(definitions: Readonly<Record<string, Json>>, name: string): string[] {
  const seen = new Set<string>();
  const todo = [name];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    todo.push(...references(definitions[next]));
  }
  return [...seen];
}

function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  const own = typeof value.$ref === 'string' ? [value.$ref.split('/').at(-1) ?? ''] : [];
  return [...own, ...Object.values(value).flatMap(references)];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
