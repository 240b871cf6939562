// npm run bench [-- --json] [-- training|scoring|voting ...]: our compiled graphs beside the peers, on the same shapes, on this machine.
import { availableParallelism, cpus } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Contestant, contest, type Timing } from './contest.ts';
import { GOALS, type Goal, type Task } from './goals.ts';
import { peerPython } from './python.ts';
import type { Shape } from './shape.ts';

const FOLDER = import.meta.dirname;
const REPEATS: Readonly<Record<Task, number>> = { training: 6, scoring: 15, voting: 4 };
const SHAPE: Shape = { height: 360, width: 480, classes: 11, batch: 4, passes: 20, threads: availableParallelism() };

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true });
const tasks = (Object.keys(REPEATS) as Task[]).filter((task) => positionals.length === 0 || positionals.includes(task));
if (tasks.length === 0) throw new Error(`expected one of ${Object.keys(REPEATS).join(', ')}, got ${positionals}`);

const python = peerPython();
if (!values.json) {
  console.log(
    `${cpus()[0]?.model ?? 'unknown processor'}, ${SHAPE.threads} threads, ${SHAPE.height}x${SHAPE.width}, ${SHAPE.classes} classes`,
  );
}
for (const task of tasks) {
  const goals = GOALS.filter((goal) => goal.task === task);
  const names = new Set(goals.flatMap(({ ours, peer }) => [`ours ${ours}`, peer]));
  const timings = await contest(
    [...names].map((name) => contestant(task, name)),
    REPEATS[task],
    showProgress,
  );
  report(task, timings, goals);
}

function contestant(task: Task, name: string): Contestant {
  const [program, mode] = name.split(' ') as [string, string];
  const shape = JSON.stringify(SHAPE);
  if (program === 'ours') {
    return {
      name,
      folder: path.resolve('.'),
      command: [process.execPath, path.join(FOLDER, 'ours.ts'), task, mode, shape],
    };
  }
  const folder = path.join(FOLDER, 'peer');
  if (program === 'onnxruntime' || program === 'openvino') {
    return { name, folder, command: [python, 'runtimes.py', program, mode, shape] };
  }
  return {
    name,
    folder,
    command: [python, 'peer.py', program === 'torch_naive' ? `${task}_naive` : task, mode, shape],
  };
}

function showProgress(name: string, ms: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${name}: ${ms.toFixed(0)} ms`);
}

function report(task: Task, timings: readonly Timing[], goals: readonly Goal[]): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
  const images = task === 'training' ? SHAPE.batch : 1;
  const figures = new Map(
    timings.map(({ name, ms, peakBytes }) => [name, { ...spread(ms, images), peakGib: peakBytes / 2 ** 30 }]),
  );
  const rows = goals.map(({ name, ours, peer, measure, ratio: goal }) => {
    const [own, other] = [figures.get(`ours ${ours}`)!, figures.get(peer)!];
    const ratio = measure === 'time' ? own.minimum / other.minimum : own.peakGib / other.peakGib;
    return {
      name,
      ours: { precision: ours, ...own },
      peer: { name: peer, ...other },
      ratio,
      goal,
      holds: goal === undefined ? null : ratio <= goal,
    };
  });
  if (values.json) {
    for (const row of rows) console.log(JSON.stringify(row));
    return;
  }
  console.log(`\n${task}: ms per image, minimum (median); peak memory of the process`);
  for (const [name, { minimum, median, peakGib }] of figures) {
    console.log(
      `  ${name.padEnd(22)} ${minimum.toFixed(1).padStart(8)} (${median.toFixed(1)})  ${peakGib.toFixed(2)} GiB`,
    );
  }
  for (const { name, ours, peer, ratio, goal, holds } of rows) {
    const verdict = goal === undefined ? '' : `, goal ${goal.toFixed(3)}: ${holds ? 'holds' : 'not reached'}`;
    console.log(`  ${name}, ${ours.precision} by ${peer.name}: ${ratio.toFixed(3)}${verdict}`);
  }
}

function spread(ms: readonly number[], images: number): { minimum: number; median: number } {
  const sorted = ms.toSorted((a, b) => a - b);
  return { minimum: sorted[0]! / images, median: sorted[sorted.length >> 1]! / images };
}
