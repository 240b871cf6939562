// A contestant of the benchmarks: CPRAL's compiled graphs. Arguments: task, mode, shape as JSON; see peer/peer.py, which speaks
// the same lines.
import { createInterface } from 'node:readline';
import { Precision } from '../../proto/gen/cpral/v1/resources.ts';
import { freshWeights } from '../../services/shared/model/fresh-weights.ts';
import { networkParameters } from '../../services/shared/model/network-parameters.ts';
import { openScoringSession } from '../../services/shared/model/scoring-session.ts';
import { openTrainingSession } from '../../services/shared/model/training-session.ts';
import { seededRandom } from '../../services/shared/random.ts';
import { describeTensorFlow } from '../../services/shared/tensorflow/tensorflow.ts';
import type { Shape } from './shape.ts';

const [task, mode, shapeJson] = process.argv.slice(2);
const shape = JSON.parse(shapeJson!) as Shape;
const network = {
  encoder: 'mobilenetv2',
  widthMultiplier: 1,
  asppChannels: 256,
  decoderChannels: 256,
  decoderSeparable: false,
  dropout: 0.25,
  precision: mode === 'bfloat16' ? Precision.PRECISION_BFLOAT16 : Precision.PRECISION_FLOAT32,
};

const tasks: Record<string, () => () => void> = { training, scoring, voting };
const run = tasks[task!]!();
run();
console.log(JSON.stringify({ ready: `tensorflow ${describeTensorFlow().version}` }));
for await (const _ of createInterface(process.stdin)) {
  const start = performance.now();
  run();
  console.log(JSON.stringify({ ms: performance.now() - start }));
}
console.log(JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024 }));

function training(): () => void {
  const { batch, height, width, classes } = shape;
  const session = openTrainingSession({
    network,
    classCount: classes,
    size: { height, width },
    batchSize: batch,
    momentum: 0.9,
    weightDecay: 5e-4,
    lossPrediction: { enabled: true, margin: 1, weight: 1, detachAfter: 0.6 },
  });
  session.setState(freshWeights(session.parameters, 0));
  const images = randomBytes(batch * height * width * 3, 256);
  const labels = randomBytes(batch * height * width, classes);
  const classWeights = new Float32Array(classes).fill(1);
  let step = 0;
  return () => {
    session.step({ images, labels, classWeights, learningRate: 1e-3, seed: [0, step++], trainEncoderByHead: true });
  };
}

function scoring(): () => void {
  const session = openTrained();
  const image = randomBytes(shape.height * shape.width * 3, 256);
  return () => {
    session.classes(image);
  };
}

function voting(): () => void {
  const session = openTrained();
  const image = randomBytes(shape.height * shape.width * 3, 256);
  return () => {
    session.votes(image, { passes: shape.passes, seed: [1, 2] });
  };
}

function openTrained() {
  const { height, width, classes } = shape;
  const session = openScoringSession({ network, classCount: classes, size: { height, width } });
  session.load(freshWeights(networkParameters(network, classes), 0), 'fresh weights');
  return session;
}

function randomBytes(length: number, limit: number): Uint8Array {
  const random = seededRandom('bench', length);
  return Uint8Array.from({ length }, () => Math.floor(limit * random()));
}
