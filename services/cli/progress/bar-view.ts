// Progress for a terminal: a bar for each step under way, and above it a line for each one that ended.
import { MultiBar, type SingleBar } from 'cli-progress';
import { finishedLine } from './line-view.ts';
import { type Amount, formatBar } from './text.ts';
import type { Clock, ProgressView } from './view.ts';

/** Narrower terminals than this cut their lines. */
const MIN_COLUMNS = 40;
const REDRAWS_PER_SECOND = 5;

interface Step {
  readonly title: string;
  readonly startedS: number;
  readonly bar: SingleBar;
  amount: Amount;
}

export function barView(stream: NodeJS.WriteStream, clock: Clock): ProgressView {
  const steps = new Map<string, Step>();
  const bars = new MultiBar({
    stream,
    fps: REDRAWS_PER_SECOND,
    hideCursor: true,
    clearOnComplete: true,
    linewrap: false,
    // Ctrl-C belongs to the command, which has services to end.
    gracefulExit: false,
    emptyOnZero: true,
    format: (_options, _params, { key }: { key?: string }) => {
      const step = steps.get(key ?? '');
      if (!step) return '';
      const columns = Math.max(MIN_COLUMNS, stream.columns ?? 80) - 1;
      return formatBar(step.title, step.amount, clock() - step.startedS, columns);
    },
  });
  const line = (text: string) => {
    if (bars.isActive) {
      bars.log(`${text}\n`);
      bars.update();
    } else stream.write(`${text}\n`);
  };
  return {
    start(key, title) {
      if (steps.has(key)) return;
      const amount: Amount = { done: 0, total: 0, unit: '' };
      steps.set(key, { title, startedS: clock(), bar: bars.create(1, 0, { key }), amount });
    },
    update(key, amount) {
      const step = steps.get(key);
      if (step) step.amount = amount;
    },
    finish(key, result) {
      const step = steps.get(key);
      if (!step) return;
      line(finishedLine(`✓ ${step.title}`, clock() - step.startedS, result));
      bars.remove(step.bar);
      steps.delete(key);
    },
    note: line,
    close() {
      // Stopping twice would wipe what was printed after the first time.
      if (bars.isActive) bars.stop();
      steps.clear();
    },
  };
}
