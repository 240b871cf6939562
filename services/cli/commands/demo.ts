// `cpral demo`: a run small enough for a first look.
import type { RunOptions } from '../command.ts';
import { type Io, tell } from '../io.ts';
import { run } from './run.ts';

export async function demo(options: RunOptions, io: Io): Promise<void> {
  const control = options.control === 'none' ? '' : ` beside ${options.control} selection`;
  tell(
    io,
    `A model of ${options.dataset} learns from few labels: ${options.strategy}${control}, with a simulated annotator.`,
  );
  await run(options, io);
}
