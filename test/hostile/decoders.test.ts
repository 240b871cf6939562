// Whatever reads bytes of others, given a million that are wrong: each is read or refused in our words, and nothing is kept of it.
import { toBinary } from '@bufbuild/protobuf';
import type { ServiceDefinition } from '@grpc/grpc-js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccessService } from '../../proto/gen/cpral/v1/access.ts';
import { AnnotationQueueService } from '../../proto/gen/cpral/v1/annotation.ts';
import { OperationsService } from '../../proto/gen/cpral/v1/operations.ts';
import { PoolRegistryService } from '../../proto/gen/cpral/v1/pool_registry.ts';
import { TrainerService } from '../../proto/gen/cpral/v1/trainer.ts';
import { WorkQueueService } from '../../proto/gen/cpral/v1/work.ts';
import { safePath } from '../../services/label-tool/imports/file-path.ts';
import { readPage } from '../../services/pool-registry/rpc/pages.ts';
import { parseClassJson, parseClassText } from '../../services/shared/datasets/class-file.ts';
import { CpralError } from '../../services/shared/errors.ts';
import { checkValues } from '../../services/shared/grpc/check-values.ts';
import { grantsIn } from '../../services/shared/identity/oidc-tokens.ts';
import { digestsIn, idsIn } from '../../services/shared/identity/request-names.ts';
import { decodeImage, decodeMask, encodeMask, encodeRgb } from '../../services/shared/images/images.ts';
import { readPng } from '../../services/shared/images/png-chunks.ts';
import { readSafetensors, writeSafetensors } from '../../services/shared/model/safetensors.ts';
import { METHODS, requestsOf } from '../support/any-method.ts';

const SEED = 20_260;
/** Of all tests of this file together; the sum is held below. */
const RUNS = { protocol: 500_000, png: 150_000, weights: 150_000, names: 150_000, text: 100_000, pictures: 3_000 };
const MAX_GROWTH_BYTES = 256 << 20;
const timeout = 600_000;

let before = 0;
let tried = 0;
let refused = 0;
beforeAll(() => {
  before = process.memoryUsage().rss;
});
afterAll(() => {
  expect(tried).toBeGreaterThanOrEqual(1_000_000);
  expect(refused).toBeGreaterThan(tried / 10);
  expect(process.memoryUsage().rss - before).toBeLessThan(MAX_GROWTH_BYTES);
});

/** Good bytes with some changed, some put in, and perhaps an early end. */
function damaged(good: Uint8Array): fc.Arbitrary<Uint8Array> {
  const edit = fc.tuple(fc.nat(good.length), fc.nat(255), fc.boolean());
  return fc.tuple(fc.array(edit, { maxLength: 6 }), fc.option(fc.nat(good.length), { freq: 4 })).map(([edits, end]) => {
    const bytes = [...good];
    for (const [at, byte, isPutIn] of edits) bytes.splice(at, isPutIn ? 0 : 1, byte);
    return Uint8Array.from(end === null ? bytes : bytes.slice(0, end));
  });
}

/** Ours, or of the decoder where it is asked: anything else is a defect. */
function survives(read: () => unknown, isForeign: (error: Error) => boolean = () => false): void {
  tried++;
  try {
    read();
  } catch (error) {
    refused++;
    if (error instanceof CpralError || (error instanceof Error && isForeign(error))) return;
    throw error;
  }
}

const check = <T>(inputs: fc.Arbitrary<T>, numRuns: number, read: (input: T) => void) =>
  fc.assert(
    fc.property(inputs, (input) => read(input)),
    { numRuns, seed: SEED },
  );

const pixels = (channels: number) => ({
  ...{ height: 5, width: 7 },
  data: Uint8Array.from({ length: 35 * channels }, (_, i) => i % 3),
});

describe('hostile bytes', () => {
  it('of a message are read or refused, and what is read is looked at without a fault', { timeout }, () => {
    const services: ServiceDefinition[] = [
      ...[
        AccessService,
        AnnotationQueueService,
        OperationsService,
        PoolRegistryService,
        TrainerService,
        WorkQueueService,
      ],
    ] as never;
    const names = { ids: { campaignId: 'maps_a', datasetId: 'maps_b' }, digest: `sha256/${'0'.repeat(64)}` };
    const decoders = services.flatMap((service) => Object.values(service));
    const perMethod = Math.ceil(RUNS.protocol / decoders.length);
    for (const { path, requestDeserialize } of decoders) {
      const method = METHODS.find(({ parent, name }) => path === `/${parent.typeName}/${name}`)!;
      const [request] = requestsOf(method, names);
      check(damaged(toBinary(method.input, request!)), perMethod, (bytes) => {
        let message: unknown;
        survives(
          () => {
            message = requestDeserialize(Buffer.from(bytes));
          },
          // What grpc-js answers as a request that cannot be read.
          (error) =>
            /^(invalid|premature|index out of range|cant skip|illegal)/i.test(error.message) ||
            error instanceof RangeError,
        );
        if (message === undefined) return;
        idsIn(path, message);
        digestsIn(message);
        survives(() => checkValues(message));
      });
    }
  });

  it('of a PNG are read or refused', { timeout }, async () => {
    const good = await encodeMask(pixels(1));
    check(damaged(good), RUNS.png, (bytes) => survives(() => readPng(bytes)));
  });

  it('of weights are read or refused, and give what a network can hold', { timeout }, () => {
    const tensor = { shape: [2, 3], data: new Float32Array(6) };
    const good = writeSafetensors(
      new Map([
        ['a', tensor],
        ['b/c', { shape: [1], data: new Float32Array(1) }],
      ]),
    );
    check(damaged(good), RUNS.weights, (bytes) =>
      survives(() => {
        for (const { shape, data } of readSafetensors(bytes, 'file').values())
          expect(data.length).toBe(shape.reduce((product, side) => product * side, 1));
      }),
    );
  });

  it('of pictures and masks are decoded or refused', { timeout }, async () => {
    const goods = [await encodeMask(pixels(1)), await encodeRgb(pixels(3))];
    const inputs = fc.oneof(...goods.map(damaged));
    await fc.assert(
      fc.asyncProperty(inputs, async (bytes) => {
        for (const decode of [decodeImage, decodeMask]) {
          tried++;
          await decode(bytes).catch((error: unknown) => {
            refused++;
            if (!(error instanceof CpralError)) throw error;
          });
        }
      }),
      { numRuns: RUNS.pictures, seed: SEED },
    );
  });
});

describe('hostile text', () => {
  it('as the name of a file stays inside the folder, or is refused', { timeout }, () => {
    const part = fc.oneof(
      fc.constantFrom('..', '.', '', '...', '\0', '\\', 'C:', '~', '%2e%2e', '\u202e', 'é', 'e\u0301'),
      fc.string(),
    );
    const name = fc.array(part, { maxLength: 8 }).map((parts) => parts.join('/'));
    check(name, RUNS.names, (text) =>
      survives(() => {
        const safe = safePath(text);
        if (safe === undefined) return;
        expect(safe).not.toMatch(/^\/|\\|\0|(^|\/)\.\.?(\/|$)/);
      }),
    );
  });

  it('as a list of classes, a page’s token or a claim of roles is read or refused', { timeout }, () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.json());
    check(text, RUNS.text, (each) => {
      survives(() => parseClassText(each));
      survives(() => parseClassJson(each));
      survives(() => readPage({ pageSize: 1, pageToken: Buffer.from(each).toString('base64url') }));
      for (const { project } of grantsIn(each)) expect(project).toMatch(/^(\*|[a-z][a-z0-9-]*)$/);
    });
  });
});
