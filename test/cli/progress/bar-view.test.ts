import { PassThrough } from 'node:stream';
import { afterEach, expect, it } from 'vitest';
import { barView } from '../../../services/cli/progress/bar-view.ts';
import type { ProgressView } from '../../../services/cli/progress/view.ts';

const views: ProgressView[] = [];

function terminal() {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  const view = barView(stream as unknown as NodeJS.WriteStream, () => 0);
  views.push(view);
  return { view, written: () => (stream.read() as Buffer | null)?.toString() ?? '' };
}

afterEach(() => {
  for (const view of views.splice(0)) view.close();
});

it('a finished step leaves a line, and the one that follows is drawn', () => {
  const { view, written } = terminal();
  view.start('a', 'cpral 1/4 train');
  view.update('a', { done: 3, total: 6, unit: 'steps' });
  view.start('b', 'random 1/4 train');
  view.finish('a', 'mIoU 0.482');
  const text = written();
  expect(text).toContain('✓ cpral 1/4 train: 0.0 s, mIoU 0.482\n');
  expect(text.indexOf('random 1/4 train')).toBeGreaterThan(0);
});

it('closing twice writes nothing the second time, so that what was printed since stays', () => {
  const { view, written } = terminal();
  view.start('a', 'train');
  view.close();
  written();
  view.close();
  expect(written()).toBe('');
});

it('the cursor is shown again in the end', () => {
  const { view, written } = terminal();
  view.start('a', 'train');
  view.close();
  const text = written();
  expect(text.lastIndexOf('\u001b[?25h')).toBeGreaterThan(text.lastIndexOf('\u001b[?25l'));
});
