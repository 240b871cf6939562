// What is measured, against whom, and the ratio that is wanted: our time by the peer's, the minimum of the repeats of each.
export type Task = 'training' | 'scoring' | 'voting';

export interface Goal {
  readonly name: string;
  readonly task: Task;
  /** Of ours: a precision. */
  readonly ours: 'float32' | 'bfloat16';
  /** A program of the peers and its mode. */
  readonly peer: string;
  readonly measure: 'time' | 'memory';
  /** Undefined: shown, with no goal of its own. */
  readonly ratio?: number;
}

const time = (name: string, goal: Omit<Goal, 'name' | 'measure'>): Goal => ({ name, measure: 'time', ...goal });
const memory = (name: string, goal: Omit<Goal, 'name' | 'measure'>): Goal => ({ name, measure: 'memory', ...goal });

export const GOALS: readonly Goal[] = [
  time('training', { task: 'training', ours: 'float32', peer: 'torch eager', ratio: 0.5 }),
  time('training', { task: 'training', ours: 'float32', peer: 'torch channels_last', ratio: 0.6 }),
  time('training', { task: 'training', ours: 'bfloat16', peer: 'torch bfloat16', ratio: 0.65 }),
  memory('training, peak memory', { task: 'training', ours: 'float32', peer: 'torch channels_last', ratio: 0.7 }),
  memory('training, peak memory', { task: 'training', ours: 'bfloat16', peer: 'torch bfloat16', ratio: 0.7 }),
  time('inference', { task: 'scoring', ours: 'float32', peer: 'torch eager', ratio: 0.46 }),
  time('inference', { task: 'scoring', ours: 'float32', peer: 'torch channels_last' }),
  time('inference', { task: 'scoring', ours: 'float32', peer: 'torch compiled' }),
  time('inference', { task: 'scoring', ours: 'bfloat16', peer: 'torch bfloat16', ratio: 0.7 }),
  time('inference', { task: 'scoring', ours: 'float32', peer: 'onnxruntime float32', ratio: 1 }),
  time('inference', { task: 'scoring', ours: 'float32', peer: 'openvino float32', ratio: 1 }),
  time('inference', { task: 'scoring', ours: 'bfloat16', peer: 'openvino bfloat16', ratio: 1 }),
  time('vote entropy, peer as published', {
    task: 'voting',
    ours: 'float32',
    peer: 'torch_naive eager',
    ratio: 1 / 12,
  }),
  time('vote entropy, peer as published', {
    task: 'voting',
    ours: 'bfloat16',
    peer: 'torch_naive bfloat16',
    ratio: 1 / 5,
  }),
  time('vote entropy, same dropout', { task: 'voting', ours: 'float32', peer: 'torch channels_last', ratio: 0.5 }),
  time('vote entropy, same dropout', { task: 'voting', ours: 'bfloat16', peer: 'torch bfloat16', ratio: 0.5 }),
];
