// What may be said in values, and that all of it is described.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isMap, isScalar, parse, parseDocument, type YAMLMap } from 'yaml';
import { CHART, REQUIRED_VALUES, render } from '../support/chart.ts';

interface Schema {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const schema = JSON.parse(readFileSync(`${CHART}/values.schema.json`, 'utf8')) as Schema;
const text = readFileSync(`${CHART}/values.yaml`, 'utf8');

const resolved = (own: Schema): Schema => ({ ...schema.$defs?.[own.$ref?.split('/').at(-1) ?? ''], ...own });

/** Every property under its path. */
function* described(own: Schema, path: string): Generator<[string, Schema]> {
  for (const [key, property] of Object.entries(resolved(own).properties ?? {})) {
    yield [`${path}${key}`, property];
    yield* described(property, `${path}${key}.`);
  }
}

const all = [...described(schema, '')];

describe('the schema of the values', () => {
  it('describes every value in a sentence, and says of what type it is', () => {
    expect(all.length).toBeGreaterThan(150);
    for (const [path, property] of all) {
      expect(property.description, path).toMatch(/[.:]$|\.\]?$/);
      expect(property.type ?? property.enum ?? property.$ref, path).toBeDefined();
    }
  });

  it('knows no other values than those in values.yaml, and all of those', () => {
    const paths = (value: unknown, own: Schema, path: string): string[] =>
      Object.entries(resolved(own).properties ?? {}).flatMap(([key, property]) => {
        const here = (value as Record<string, unknown> | undefined)?.[key];
        return here === undefined ? [`${path}${key}`] : paths(here, property, `${path}${key}.`);
      });
    expect(paths(parse(text), schema, '')).toEqual(['global']);
    expect(() => render(REQUIRED_VALUES)).not.toThrow();
  });

  it('admits nothing beside what it describes', () => {
    const open = all.filter(([, property]) => {
      const { properties, additionalProperties } = resolved(property);
      return properties !== undefined && additionalProperties !== false;
    });
    expect(open).toEqual([]);
  });
});

describe('values.yaml', () => {
  it('has a comment above every value, once for what the services share', () => {
    const bare: string[] = [];
    const visit = (map: YAMLMap, path: string, said: Set<string>) => {
      map.items.forEach(({ key, value }, i) => {
        const name = isScalar(key) ? String(key.value) : '';
        const comment = (isScalar(key) && key.commentBefore) || (i === 0 && map.commentBefore);
        const leaf = path.startsWith('services.') ? `${path.split('.').slice(2).join('.')}${name}` : `${path}${name}`;
        if (!comment && !said.has(leaf)) bare.push(`${path}${name}`);
        said.add(leaf);
        if (isMap(value) && !value.flow) visit(value as YAMLMap, `${path}${name}.`, said);
      });
    };
    visit(parseDocument(text).contents as YAMLMap, '', new Set());
    expect(bare).toEqual([]);
  });
});

describe('values are refused', () => {
  it.each([
    ['of a name that nobody knows', { replicas: 3 }, /additional properties 'replicas'/i],
    ['of a service that does not exist', { services: { scorer: {} } }, /additional properties 'scorer'/i],
    [
      'of a misspelt setting of a service',
      { services: { trainer: { replica: 3 } } },
      /additional properties 'replica'/i,
    ],
    ['with a device that there is not', { device: 'tpu' }, /device/],
    ['with a negative number of pods', { services: { trainer: { replicas: -1 } } }, /minimum/],
    [
      'with autoscaling of the registry',
      { services: { 'pool-registry': { autoscaling: { mode: 'keda' } } } },
      /autoscaling/,
    ],
    ['with a GPU for the oracle', { services: { oracle: { gpu: true } } }, /gpu/],
    ['with a password in the URL of NATS', { nats: { url: 'nats://user:secret@nats:4222' } }, /nats/],
    ['with a folder in place of a store', { objects: { url: 'file:///objects', existingSecret: 's3' } }, /objects/],
    ['with a lease that is too short', { leaseSeconds: 1 }, /leaseSeconds/],
    [
      'with less time to end than an item may need',
      { pods: { terminationGracePeriodSeconds: 5 } },
      /terminationGracePeriodSeconds/,
    ],
    ['with a digest that is none', { image: { digests: { cpu: 'latest' } } }, /digests/],
    ['with a text for a switch', { metrics: { enabled: 'yes' } }, /enabled/],
    ['with no Job at all', { training: { mode: 'jobs', maxJobs: 0 } }, /maxJobs/],
  ])('%s', (_, values, message) => {
    expect(() => render({ ...REQUIRED_VALUES, ...values })).toThrow(message);
  });

  it.each([
    ['database.existingSecret', { database: {} }],
    ['objects.url', { objects: { existingSecret: 's3' } }],
    ['objects.existingSecret', { objects: { url: 's3://cpral' } }],
    ['nats: expected either', { nats: {} }],
    ['nats: expected either', { nats: { url: 'nats://nats:4222', existingSecret: 'nats' } }],
    ['keda.natsMonitoring', { services: { oracle: { autoscaling: { mode: 'keda' } } } }],
    ['labelTool.hosts', { labelTool: { ingress: { enabled: true } } }],
    ['labelTool.httpRoute.parentRefs', { labelTool: { hosts: ['label.example.org'], httpRoute: { enabled: true } } }],
    ['services.trainer.enabled', { training: { mode: 'jobs' }, services: { trainer: { enabled: false } } }],
  ])('that need others: %s', (name, values) => {
    expect(() => render({ ...REQUIRED_VALUES, ...values })).toThrow(name);
  });
});
