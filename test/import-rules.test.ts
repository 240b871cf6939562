// Who may import what. A service imports itself, services/shared, generated code and packages.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..');
const files = readdirSync(path.join(ROOT, 'services'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => path.join('services', file));

interface Import {
  readonly from: string;
  readonly to: string;
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|\n?import\s+['"]([^'"]+)['"]/g;

const imports: Import[] = files.flatMap((from) =>
  [...readFileSync(path.join(ROOT, from), 'utf8').matchAll(IMPORT)].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    const to = specifier.startsWith('.') ? path.normalize(path.join(path.dirname(from), specifier)) : specifier;
    return { from, to };
  }),
);

const serviceOf = (file: string) => file.split('/')[1];
const list = (found: readonly Import[]) => found.map(({ from, to }) => `${from} imports ${to}`);

/** The composition of the embedded mode is the one place that knows every service. */
const COMPOSITION = 'services/cli/serve.ts';

const TENSORFLOW = 'services/shared/tensorflow/tensorflow.ts';
const textOf = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const isWorker = (file: string) => textOf(file).includes('): WorkerService {');
/** Hands its own environment on, with settings for one child. */
const CHILD = 'services/shared/compute/running-child.ts';
const CREDENTIALS = 'services/shared/objects/s3-credentials.ts';

describe('imports', () => {
  it('are found at all', () => {
    expect(imports.length).toBeGreaterThan(300);
    expect(imports).toContainEqual({ from: COMPOSITION, to: 'services/trainer/service.ts' });
  });

  it('of a service stay inside it, but for shared and generated code', () => {
    const strangers = imports.filter(
      ({ from, to }) =>
        from !== COMPOSITION &&
        to.startsWith('services/') &&
        serviceOf(to) !== serviceOf(from) &&
        serviceOf(to) !== 'shared',
    );
    expect(list(strangers)).toEqual([]);
  });

  it('of services/shared name no service', () => {
    const upward = imports.filter(
      ({ from, to }) => serviceOf(from) === 'shared' && to.startsWith('services/') && serviceOf(to) !== 'shared',
    );
    expect(list(upward)).toEqual([]);
  });

  it('reach TensorFlow in one file', () => {
    // By text: it is required, not imported, once its settings are made.
    const users = files.filter((file) => /['"]@tensorflow\//.test(readFileSync(path.join(ROOT, file), 'utf8')));
    expect(users).toEqual([TENSORFLOW]);
  });

  it('that reach TensorFlow make a worker ready only once it is loaded', () => {
    const next = Map.groupBy(imports, ({ from }) => from);
    const reaches = (file: string, seen = new Set<string>()): boolean =>
      file === TENSORFLOW ||
      (!seen.has(file) && seen.add(file) && (next.get(file) ?? []).some(({ to }) => reaches(to, seen)));
    const workers = files.filter((file) => /^services\/[\w-]+\/service\.ts$/.test(file) && isWorker(file));
    const saying = workers.filter((file) => textOf(file).includes('usesTensorFlow: true'));
    // What a service computes it names by URL, for another process to load.
    const computed = (file: string) =>
      [...textOf(file).matchAll(/new URL\('\.\/([\w-]+\.ts)'/g)].map(([, name = '']) =>
        path.join(path.dirname(file), name),
      );
    const using = workers.filter((file) => computed(file).some((each) => reaches(each)));
    expect(workers).toHaveLength(5);
    expect(saying).toEqual(using);
    expect(using).not.toContain('services/oracle/service.ts');
  });

  it('reach the database in the registry alone', () => {
    const database = imports.filter(({ to }) => /^(drizzle-orm|@electric-sql|pg$)/.test(to));
    expect(new Set(database.map(({ from }) => serviceOf(from)))).toEqual(new Set(['pool-registry']));
  });

  it('never touch tests', () => {
    expect(list(imports.filter(({ to }) => to.startsWith('test/')))).toEqual([]);
  });
});

describe('the environment', () => {
  it('is read in one file a service', () => {
    const readers = files.filter((file) => readFileSync(path.join(ROOT, file), 'utf8').includes('process.env'));
    const perService = Map.groupBy(
      readers.filter((file) => serviceOf(file) !== 'shared'),
      serviceOf,
    );
    for (const [service, found] of perService) expect(found, service).toHaveLength(1);
    // TensorFlow takes its settings from the environment, before it is loaded; S3's credentials are for every process that has a store.
    expect(
      readers
        .filter((file) => serviceOf(file) === 'shared')
        .every((file) => file.startsWith('services/shared/tensorflow/') || file === CREDENTIALS || file === CHILD),
    ).toBe(true);
  });
});

/** Files of the method, and shapes of the labelling page: arrays in, arrays out. */
const PURE = [
  'services/region-selector/gaussian-kernel.ts',
  'services/region-selector/suppress.ts',
  'services/region-selector/top-k.ts',
  'services/region-selector/window-sum.ts',
  'services/oracle/noise.ts',
  'services/oracle/segments.ts',
  'services/panoptic-scorer/loss-pairs.ts',
  'services/shared/budget.ts',
  ...files.filter((file) => file.startsWith('services/label-tool/page/geometry/')),
];

describe('the files of the method', () => {
  it.each(PURE)('%s uses no disk, network, clock or hidden randomness', (file) => {
    const text = readFileSync(path.join(ROOT, file), 'utf8');
    expect(imports.filter(({ from, to }) => from === file && to.startsWith('node:'))).toEqual([]);
    expect(text).not.toMatch(/Math\.random|Date\.now|new Date|performance\.|process\./);
  });
});
