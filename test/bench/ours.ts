// A contestant of the benchmarks: CPRAL. Arguments: task, mode, shape as JSON. Then a line on standard input is a repeat of the
// task, answered with its milliseconds; the end of the input is answered with the peak memory of the process.
import { createInterface } from 'node:readline';
import { describeTensorFlow } from '../../services/shared/tensorflow/tensorflow.ts';
import type { Mode, Shape, TaskName } from './shape.ts';
import { tasks } from './tasks.ts';

const [task, mode, shape] = process.argv.slice(2) as [TaskName, Mode, string];
const answer = (message: object) => console.log(JSON.stringify(message));

const repeat = await tasks[task](JSON.parse(shape) as Shape, mode);
await repeat();
answer({ ready: `TensorFlow ${describeTensorFlow().version}` });
for await (const _ of createInterface(process.stdin)) {
  const start = performance.now();
  await repeat();
  answer({ ms: performance.now() - start });
}
answer({ peakBytes: process.resourceUsage().maxRSS * 1024 });
