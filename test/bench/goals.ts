// What is measured, against whom, and the ratio that is wanted: our time by the peer's, the minimum of the repeats of each.
import type { Mode, TaskName } from './shape.ts';

export interface Goal {
  readonly name: string;
  readonly ours: Mode;
  /** A program of the peers and its mode. */
  readonly peer: string;
  readonly measure: 'time' | 'memory';
  /** Undefined: shown, with no goal of its own. */
  readonly ratio?: number;
}

const time = (name: string, ours: Mode, peer: string, ratio?: number): Goal => ({
  name,
  ours,
  peer,
  measure: 'time',
  ...(ratio === undefined ? {} : { ratio }),
});
const memory = (name: string, ours: Mode, peer: string, ratio: number): Goal => ({
  name,
  ours,
  peer,
  measure: 'memory',
  ratio,
});

/** By task; those without a peer are timed alone. */
export const GOALS: Readonly<Record<TaskName, readonly Goal[]>> = {
  training: [
    time('training', 'float32', 'torch eager', 0.5),
    time('training', 'float32', 'torch channels_last', 0.6),
    time('training', 'bfloat16', 'torch bfloat16', 0.65),
    memory('training, peak memory', 'float32', 'torch channels_last', 0.7),
    memory('training, peak memory', 'bfloat16', 'torch bfloat16', 0.7),
  ],
  scoring: [
    time('inference', 'float32', 'torch eager', 0.46),
    time('inference', 'float32', 'torch channels_last'),
    time('inference', 'float32', 'torch compiled'),
    time('inference', 'bfloat16', 'torch bfloat16', 0.7),
    time('inference', 'float32', 'onnxruntime float32', 1),
    time('inference', 'float32', 'openvino float32', 1),
    time('inference', 'bfloat16', 'openvino bfloat16', 1),
  ],
  voting: [
    time('vote entropy against whole passes', 'float32', 'torch_naive eager', 1 / 12),
    time('vote entropy against whole passes', 'bfloat16', 'torch_naive bfloat16', 1 / 5),
    time('the same, dropout before our classifier', 'float32-late', 'torch_naive eager', 1 / 12),
    time('the same, dropout before our classifier', 'bfloat16-late', 'torch_naive bfloat16', 1 / 5),
    time('vote entropy, shared encoder in both', 'float32', 'torch channels_last', 0.5),
    time('vote entropy, shared encoder in both', 'bfloat16', 'torch bfloat16', 0.5),
  ],
  attention: [
    time('regional Gaussian attention', 'float32', 'torch direct', 1 / 15),
    time('regional Gaussian attention', 'float32', 'torch separable', 1 / 6),
  ],
  extension: [time('contextual labels extension', 'float32', 'torch eager', 1)],
  rating: [],
  finding: [],
};
