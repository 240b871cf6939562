import { describe, expect, it } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../../services/shared/model/safetensors.ts';
import { checkWeights } from '../../../services/shared/model/weights.ts';

const weights = new Map([
  ['b', { shape: [2], data: Float32Array.of(5, 6) }],
  ['a', { shape: [1, 2, 2], data: Float32Array.of(1, 2, 3, 4) }],
]);

/** A file with the given header and as many bytes of zeros. */
function file(header: unknown, bytes: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const whole = new Uint8Array(8 + text.length + bytes);
  new DataView(whole.buffer).setBigUint64(0, BigInt(text.length), true);
  whole.set(text, 8);
  return whole;
}

describe('a safetensors file', () => {
  it('gives back what was written', () => {
    expect(readSafetensors(writeSafetensors(weights), 'file')).toEqual(weights);
  });

  it('has equal bytes for equal weights in another order', () => {
    expect(writeSafetensors(new Map([...weights].reverse()))).toEqual(writeSafetensors(weights));
  });

  it('is read from a Buffer that lies inside a larger one', () => {
    const bytes = writeSafetensors(weights);
    const inside = Buffer.concat([Buffer.alloc(3), bytes, Buffer.alloc(5)]).subarray(3, 3 + bytes.length);
    expect(readSafetensors(inside, 'file')).toEqual(weights);
  });

  it('may carry metadata, which is ignored', () => {
    const header = { __metadata__: { made: 'elsewhere' }, a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } };
    expect([...readSafetensors(file(header, 4), 'file').keys()]).toEqual(['a']);
  });

  it('may hold tensors of other types that are left out, each with its place', () => {
    const counter = { dtype: 'I64', shape: [], data_offsets: [0, 8] };
    const header = { counter, a: { dtype: 'F32', shape: [1], data_offsets: [8, 12] } };
    const isIgnored = (name: string) => name === 'counter';
    expect([...readSafetensors(file(header, 12), 'file', isIgnored).keys()]).toEqual(['a']);
    expect(() => readSafetensors(file(header, 12), 'file')).toThrow('file: counter: expected the type F32, got "I64"');
    const backward = { counter: { ...counter, data_offsets: [8, 0] } };
    expect(() => readSafetensors(file(backward, 8), 'file', isIgnored)).toThrow(
      'file: counter: expected data_offsets in order, got 8 and 0',
    );
  });

  const entry = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };
  const refusals: Record<string, { bytes: Uint8Array; sentence: RegExp }> = {
    'no header': { bytes: new Uint8Array(3), sentence: /^file: expected a safetensors file, got 3 bytes/ },
    'a header that is longer than the file': { bytes: file('{}', 0).subarray(0, 9), sentence: /without its header$/ },
    'a header that is not JSON': { bytes: file('{', 0), sentence: /^file: expected a safetensors header in JSON$/ },
    'a header that is a list': { bytes: file([], 0), sentence: /that is a JSON object$/ },
    'another type': {
      bytes: file({ a: { ...entry, dtype: 'F16' } }, 4),
      sentence: /expected the type F32, got "F16"$/,
    },
    'a negative size': { bytes: file({ a: { ...entry, shape: [-1] } }, 4), sentence: /expected a shape, got \[-1\]$/ },
    'bytes that do not fit the shape': {
      bytes: file({ a: { ...entry, shape: [2] } }, 4),
      sentence: /expected 8 bytes for \[2\], got 4$/,
    },
    'tensors that overlap': {
      bytes: file({ a: entry, b: entry }, 4),
      sentence: /^file: b: expected data at byte 4, got 0$/,
    },
    'a truncated file': {
      bytes: writeSafetensors(weights).subarray(0, -4),
      sentence: /^file: expected 24 bytes of numbers, got 20$/,
    },
  };
  for (const [name, { bytes, sentence }] of Object.entries(refusals)) {
    it(`is refused with ${name}`, () => {
      expect(() => readSafetensors(bytes, 'file')).toThrow(sentence);
    });
  }
});

describe('weights of a network', () => {
  const parameters = [{ name: 'a', shape: [2], initializer: 0, trainable: true }] as const;
  const given = (name: string, shape: number[], ...data: number[]) =>
    new Map([[name, { shape, data: Float32Array.from(data) }]]);

  it('are refused where a tensor is missing, has another shape, is not finite, or is not known', () => {
    expect(() => checkWeights(parameters, new Map(), 'file')).toThrow('file: expected the tensor a, which is missing');
    expect(() => checkWeights(parameters, given('a', [1], 1), 'file')).toThrow(
      'file: a: expected the shape [2], got [1]',
    );
    expect(() => checkWeights(parameters, given('a', [2], 1, Number.NaN), 'file')).toThrow('got NaN at 1');
    const more = new Map([...given('a', [2], 1, 2), ...given('b', [1], 1)]);
    expect(() => checkWeights(parameters, more, 'file')).toThrow('file: the tensor b is not one of this network');
  });
});
