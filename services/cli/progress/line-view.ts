// Progress for files and pipes: a line when a step starts and ends, and one now and then between. No control characters.
import { type Amount, formatAmount, formatSeconds } from './text.ts';
import type { Clock, ProgressView } from './view.ts';

const LINE_EVERY_S = 15;

interface Step {
  readonly title: string;
  readonly startedS: number;
  lastLineS: number;
}

export function lineView(write: (line: string) => void, clock: Clock): ProgressView {
  const steps = new Map<string, Step>();
  return {
    start(key, title) {
      if (steps.has(key)) return;
      const now = clock();
      steps.set(key, { title, startedS: now, lastLineS: now });
      write(`${title} ...`);
    },
    update(key: string, amount: Amount) {
      const step = steps.get(key);
      const now = clock();
      if (!step || now - step.lastLineS < LINE_EVERY_S) return;
      step.lastLineS = now;
      write(`${step.title}: ${formatAmount(amount, now - step.startedS)}`);
    },
    finish(key, result) {
      const step = steps.get(key);
      if (!step) return;
      steps.delete(key);
      write(finishedLine(step.title, clock() - step.startedS, result));
    },
    note: write,
    close: () => steps.clear(),
  };
}

/** "cpral 2/4 train: 41 s, mIoU 0.581". */
export function finishedLine(title: string, seconds: number, result: string): string {
  return `${title}: ${formatSeconds(seconds)}${result === '' ? '' : `, ${result}`}`;
}
