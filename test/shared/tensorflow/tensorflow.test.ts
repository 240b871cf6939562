import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { binary } from '../../../services/shared/graph/operations/elementwise.ts';
import { describeTensorFlow, tensorCount } from '../../../services/shared/tensorflow/tensorflow.ts';
import { floats, openGraph, runGraph } from '../../support/run-graph.ts';

const double = [(graph, [x]) => [binary(graph, 'AddV2', x!, x!)]] satisfies [Parameters<typeof runGraph>[1]];

describe('TensorFlow', () => {
  it('runs a graph on typed arrays', () => {
    const [result] = runGraph([floats([2, 2], [1, 2, 3, 4])], ...double);
    expect(result).toEqual({ shape: [2, 2], data: Float32Array.of(2, 4, 6, 8) });
  });

  it("gives results that are the caller's, whatever the model does next", () => {
    const graph = openGraph([floats([1], [0])], ...double);
    const [first] = graph.run([floats([1], [1])]);
    graph.run([floats([1], [2])]);
    graph[Symbol.dispose]();
    expect(first!.data).toEqual(Float32Array.of(2));
  });

  it('refuses an input of another shape or type', () => {
    expect(() => openGraph([floats([2], [1, 2])], ...double).run([floats([1], [1])])).toThrow(
      /has shape \[2\], got \[1\]/,
    );
    const integers = { shape: [2], data: Int32Array.of(1, 2) };
    expect(() => openGraph([floats([2], [1, 2])], ...double).run([integers])).toThrow(/has type 1, got 3/);
  });

  it('keeps no tensor and no folder behind, also after a refusal', () => {
    const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('cpral-graph-')).length;
    const before = { tensors: tensorCount(), folders: folders() };
    runGraph([floats([1], [1])], ...double);
    // TensorFlow itself refuses to give back what it was given.
    expect(() => runGraph([floats([1], [1])], (_, [x]) => [x!])).toThrow('both fed and fetched');
    expect(tensorCount()).toBe(before.tensors);
    expect(folders()).toBeLessThanOrEqual(before.folders);
  });

  it('says which library and device run', () => {
    expect(describeTensorFlow()).toMatchObject({ version: '2.21.0', device: expect.stringMatching(/^[CG]PU$/) });
  });

  it('refuses to run on a CPU where a GPU is required', () => {
    const module = new URL('../../../services/shared/tensorflow/tensorflow.ts', import.meta.url).href;
    const code = `const { describeTensorFlow } = await import('${module}'); try { describeTensorFlow(); console.log('runs'); } catch (error) { console.log(error.message); }`;
    const env = { ...process.env, CPRAL_REQUIRE_GPU: '1', CUDA_VISIBLE_DEVICES: '-1' };
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { env, encoding: 'utf8' });
    expect(stdout).toBe('CPRAL_REQUIRE_GPU is 1, but TensorFlow found no GPU\n');
  });
});
