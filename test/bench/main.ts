// npm run bench [-- TASK ...] [-- --json]: our code beside the peers, on the same shapes, on this machine.
// npm run bench -- pool | workers | rpc | centres [--images N] [--share S] [--json]: scale, on real servers, without peers.
import { availableParallelism, cpus } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { acquisition } from './acquisition.ts';
import { type Contestant, contest, type Timing } from './contest.ts';
import { GOALS } from './goals.ts';
import { peerPython } from './python.ts';
import { compare, type Row, rowText, timingText } from './rows.ts';
import { measureText } from './scale/measure.ts';
import { FULL, SCALE } from './scale/scale.ts';
import type { Shape, TaskName } from './shape.ts';

const FOLDER = import.meta.dirname;
const THREADS = availableParallelism();
/** CamVid, and what the paper scores at. */
const IMAGE: Shape = { height: 360, width: 480, classes: 11, batch: 4, passes: 20, regionSizePx: 45, threads: THREADS };
const WIDE: Shape = { ...IMAGE, height: 512, width: 1024, classes: 19, regionSizePx: 129 };

interface Bench {
  readonly task: TaskName;
  readonly shape: Shape;
  readonly repeats: number;
}

const BENCHES: readonly Bench[] = [
  { task: 'training', shape: IMAGE, repeats: 6 },
  { task: 'scoring', shape: IMAGE, repeats: 15 },
  { task: 'voting', shape: IMAGE, repeats: 3 },
  { task: 'attention', shape: { ...WIDE, regionSizePx: 65 }, repeats: 5 },
  { task: 'attention', shape: WIDE, repeats: 5 },
  { task: 'extension', shape: WIDE, repeats: 5 },
  { task: 'rating', shape: IMAGE, repeats: 5 },
  { task: 'finding', shape: IMAGE, repeats: 3 },
];

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean' },
    images: { type: 'string', default: `${FULL.images}` },
    share: { type: 'string', default: `${FULL.share}` },
  },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !Object.hasOwn(GOALS, name) && !Object.hasOwn(SCALE, name));
if (unknown.length > 0) {
  const names = [...Object.keys(GOALS), ...Object.keys(SCALE)].join(', ');
  console.error(`npm run bench: expected tasks out of ${names}, got ${unknown.join(' ')}`);
  process.exit(2);
}
const wanted = BENCHES.filter(({ task }) => positionals.length === 0 || positionals.includes(task));

const python = wanted.some(({ task }) => GOALS[task].length > 0) ? peerPython() : '';
const timingsOf = new Map<TaskName, readonly Timing[]>();
if (!values.json) console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${THREADS} threads`);
for (const bench of wanted) {
  const timings = await contest(contestants(bench), bench.repeats, showProgress);
  clearProgress();
  timingsOf.set(bench.task, timings);
  const rows = compare(timings, GOALS[bench.task]);
  if (!values.json) console.log(timingText(heading(bench), timings));
  show(rows);
}
const [rating, finding] = [timingsOf.get('rating'), timingsOf.get('finding')];
if (rating && finding) show(acquisition(rating, finding));
for (const name of positionals) {
  const sizes = { images: Number(values.images), share: Number(values.share) };
  for await (const measure of SCALE[name]?.(sizes) ?? []) {
    console.log(values.json ? JSON.stringify(measure) : `  ${measureText(measure)}`);
  }
}

function contestants({ task, shape }: Bench): Contestant[] {
  const goals = GOALS[task];
  const ours = new Set(goals.length === 0 ? ['float32', 'bfloat16'] : goals.map((goal) => goal.ours));
  const peers = new Set(goals.map(({ peer }) => peer));
  const args = JSON.stringify(shape);
  return [
    ...[...ours].map((mode) => ({
      name: `ours ${mode}`,
      folder: path.resolve('.'),
      command: [process.execPath, path.join(FOLDER, 'ours.ts'), task, mode, args],
    })),
    ...[...peers].map((name) => ({ name, folder: path.join(FOLDER, 'peer'), command: peerCommand(task, name, args) })),
  ];
}

function peerCommand(task: TaskName, name: string, args: string): string[] {
  const [program, mode] = name.split(' ') as [string, string];
  if (program === 'onnxruntime' || program === 'openvino') return [python, 'runtimes.py', program, mode, args];
  return [python, 'peer.py', program === 'torch_naive' ? `${task}_naive` : task, mode, args];
}

function heading({ task, shape }: Bench): string {
  const { height, width, classes, batch, passes, regionSizePx } = shape;
  const more = {
    training: `, batch ${batch}, ms a step`,
    voting: `, ${passes} passes`,
    attention: `, windows of ${regionSizePx}`,
    rating: ', ms a shard of 4 images from disk',
    finding: `, ${passes} passes, ms a shard of 4 images from disk`,
    scoring: '',
    extension: '',
  }[task];
  return `${task}: ${height}x${width}, ${classes} classes${more}`;
}

function show(rows: readonly Row[]): void {
  for (const row of rows) console.log(values.json ? JSON.stringify(row) : `  ${rowText(row)}`);
}

function showProgress(name: string, ms: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${name}: ${ms.toFixed(0)} ms`);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
}
