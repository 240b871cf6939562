// The one door to TensorFlow: loads the native binding of tfjs-node-gpu, and runs graphs on typed arrays.
// Calls block the thread. One process uses one device.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SavedModel, type SignatureDef, type TensorInfo } from '../../../proto/gen/tensorflow/saved_model.ts';
import { assert, CpralError } from '../errors.ts';
import { TYPE_NUMBERS } from '../graph/attributes.ts';

export type TensorData = Float32Array | Int32Array | Uint8Array;

export interface TensorValue<Data extends TensorData = TensorData> {
  readonly shape: readonly number[];
  readonly data: Data;
}

export interface LoadedModel {
  /**
   * Runs a function of the model. Inputs must have the types and shapes that the signature names, and must not change
   * until it returns; outputs are the caller's. Boolean outputs arrive as bytes.
   */
  run(signature: string, inputs: Readonly<Record<string, TensorValue>>): Record<string, TensorValue>;
  /** Frees the model and its variables. */
  [Symbol.dispose](): void;
}

/** The functions of the binding that are used here (binding/tfjs_binding.cc). */
interface Binding {
  readonly TF_Version: string;
  createTensor(shape: readonly number[], dtype: number, data: TensorData): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): TensorData;
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  runSavedModel(
    id: number,
    inputIds: readonly number[],
    inputNames: string,
    outputNames: string,
  ): { id: number; shape: number[]; dtype: number }[];
  isUsingGpuDevice(): boolean;
  getNumOfTensors(): number;
}

/** Read by TensorFlow when it is loaded; what the user has set stays. */
const ENVIRONMENT = {
  // Off by default on CPUs without AVX-512, and then a dilated convolution has no gradient.
  TF_ENABLE_ONEDNN_OPTS: '1',
  TF_DETERMINISTIC_OPS: '1',
  TF_FORCE_GPU_ALLOW_GROWTH: 'true',
  // 2: errors only. The terminal is the user's.
  TF_CPP_MIN_LOG_LEVEL: '2',
};

let loaded: Binding | undefined;
let loadListener: ((description: TensorFlowDescription) => void) | undefined;

function binding(): Binding {
  if (loaded) return loaded;
  for (const [name, value] of Object.entries(ENVIRONMENT)) process.env[name] ??= value;
  const require = createRequire(import.meta.url);
  const folder = path.dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
  let candidate: Binding;
  try {
    candidate = require(path.join(folder, 'lib/napi-v8/tfjs_binding.node')) as Binding;
  } catch (cause) {
    throw unusable('TensorFlow is not set up: run npm run setup', cause);
  }
  if (process.env.CPRAL_REQUIRE_GPU === '1' && !candidate.isUsingGpuDevice()) {
    throw unusable('CPRAL_REQUIRE_GPU is 1, but TensorFlow found no GPU');
  }
  loaded = candidate;
  loadListener?.(describe(candidate));
  return candidate;
}

/** No work's fault: only a person can mend it. */
function unusable(message: string, cause?: unknown): CpralError {
  return new CpralError('FAILED_PRECONDITION', message, { reason: 'TENSORFLOW_UNUSABLE', cause });
}

export interface TensorFlowDescription {
  /** Of the library. */
  readonly version: string;
  /** What graphs run on. */
  readonly device: 'GPU' | 'CPU';
}

/** For logs. Loads the library where it is not loaded yet. */
export function describeTensorFlow(): TensorFlowDescription {
  return describe(binding());
}

/** @param listener hears of the library when it is loaded, which takes its first use */
export function onTensorFlowLoaded(listener: (description: TensorFlowDescription) => void): void {
  loadListener = listener;
}

function describe(library: Binding): TensorFlowDescription {
  return { version: library.TF_Version, device: library.isUsingGpuDevice() ? 'GPU' : 'CPU' };
}

/** Tensors that live outside models; a leak shows here. */
export function tensorCount(): number {
  return binding().getNumOfTensors();
}

/** @param savedModel the bytes of a saved_model.pb without a folder of variables */
export function loadModel(savedModel: Uint8Array): LoadedModel {
  const tensorflow = binding();
  const signatures = SavedModel.decode(savedModel).metaGraphs[0]?.signatureDef;
  assert(signatures, 'a saved model holds a graph');
  let session: number | undefined = loadSession(tensorflow, savedModel);
  return {
    run(name, inputs) {
      const signature = signatures[name];
      assert(signature, `the model has the signature ${name}`);
      assert(session !== undefined, 'the model is not disposed');
      return runSession({ tensorflow, session, signature, inputs });
    },
    [Symbol.dispose]() {
      if (session !== undefined) tensorflow.deleteSavedModel(session);
      session = undefined;
    },
  };
}

function loadSession(tensorflow: Binding, savedModel: Uint8Array): number {
  const folder = onDisk(() => mkdtempSync(path.join(tmpdir(), 'cpral-graph-')));
  try {
    onDisk(() => {
      writeFileSync(path.join(folder, 'saved_model.pb'), savedModel);
      mkdirSync(path.join(folder, 'variables'));
    });
    return tensorflow.loadSavedModel(folder, 'serve');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A full disk is the fault of no work. */
function onDisk<T>(write: () => T): T {
  try {
    return write();
  } catch (cause) {
    throw new CpralError('UNAVAILABLE', `the folder of temporary files cannot be written: ${cause}`, { cause });
  }
}

function runSession(call: {
  readonly tensorflow: Binding;
  readonly session: number;
  readonly signature: SignatureDef;
  readonly inputs: Readonly<Record<string, TensorValue>>;
}): Record<string, TensorValue> {
  const { tensorflow, session, signature, inputs } = call;
  const inputEntries = Object.entries(signature.inputs);
  const outputEntries = Object.entries(signature.outputs);
  const ids: number[] = [];
  try {
    for (const [name, info] of inputEntries) ids.push(feed(tensorflow, { name, info, value: inputs[name] }));
    const namesOf = (entries: [string, TensorInfo][]) => entries.map(([, info]) => info.name).join(',');
    const outputs = tensorflow.runSavedModel(session, ids, namesOf(inputEntries), namesOf(outputEntries));
    ids.push(...outputs.map(({ id }) => id));
    return Object.fromEntries(
      outputs.map(({ id, shape }, index) => [outputEntries[index]![0], { shape, data: tensorflow.tensorDataSync(id) }]),
    );
  } finally {
    for (const id of ids) tensorflow.deleteTensor(id);
  }
}

function feed(
  tensorflow: Binding,
  input: { readonly name: string; readonly info: TensorInfo; readonly value: TensorValue | undefined },
): number {
  const { name, info, value } = input;
  assert(value, `input ${name} is given`);
  const dtype = dtypeOf(value.data);
  assert(dtype === info.dtype, `input ${name} has type ${info.dtype}, got ${dtype}`);
  const expected = info.tensorShape?.dim.map(({ size }) => Number(size)).join(',');
  assert(value.shape.join(',') === expected, `input ${name} has shape [${expected}], got [${value.shape}]`);
  return tensorflow.createTensor(value.shape, dtype, value.data);
}

function dtypeOf(data: TensorData): number {
  if (data instanceof Float32Array) return TYPE_NUMBERS.float32;
  return data instanceof Int32Array ? TYPE_NUMBERS.int32 : TYPE_NUMBERS.uint8;
}
