import { expect, it } from 'vitest';
import { lineView } from '../../../services/cli/progress/line-view.ts';

function view() {
  const lines: string[] = [];
  const clock = { now: 100 };
  return {
    lines,
    clock,
    view: lineView(
      (line) => lines.push(line),
      () => clock.now,
    ),
  };
}

it('a step is one line at its start and one at its end', () => {
  const { lines, clock, view: shown } = view();
  shown.start('a', 'cpral 1/4 train');
  clock.now += 14;
  shown.update('a', { done: 10, total: 20, unit: 'steps' });
  clock.now += 6;
  shown.finish('a', 'mIoU 0.482');
  expect(lines).toEqual(['cpral 1/4 train ...', 'cpral 1/4 train: 20 s, mIoU 0.482']);
});

it('a long step says every 15 seconds how far it is', () => {
  const { lines, clock, view: shown } = view();
  shown.start('a', 'train');
  for (let second = 1; second <= 40; second++) {
    clock.now += 1;
    shown.update('a', { done: second, total: 40, unit: 'steps' });
  }
  expect(lines).toEqual([
    'train ...',
    'train: 15/40 steps, 37 %, 15 s, 25 s left',
    'train: 30/40 steps, 75 %, 30 s, 10 s left',
  ]);
});

it('writes no control characters', () => {
  const { lines, clock, view: shown } = view();
  shown.start('a', 'train');
  clock.now += 20;
  shown.update('a', { done: 1, total: 2, unit: 'steps' });
  shown.finish('a', '');
  shown.note('done');
  const characters = [...lines.join('')];
  expect(characters.filter((character) => character.charCodeAt(0) < 32 || character.charCodeAt(0) === 127)).toEqual([]);
});

it('a step that goes on after a pause is not announced again, and one that is unknown is not finished', () => {
  const { lines, view: shown } = view();
  shown.start('a', 'train');
  shown.start('a', 'train');
  shown.finish('b', '');
  expect(lines).toEqual(['train ...']);
});
