// A training whose process is killed, at steps that a seed chooses, and taken up by the next process.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededRandom, shuffle } from '../../services/shared/random.ts';
import { TINY_STEPS } from '../support/tiny-training.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../support/checkpointed-training.ts');
const SEED = 1;
const KILLS = 2;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cpral-killed-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Life {
  /** The last checkpoint that it told of, as JSON. */
  readonly checkpoint: string | undefined;
  /** The digest of the trained weights, where it lived to the end. */
  readonly weights: string | undefined;
}

/** @param killAt the step after which the process gets SIGKILL */
async function live(from: string | undefined, killAt?: number): Promise<Life> {
  const args = [PROGRAM, folder, ...(from === undefined ? [] : [from])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let checkpoint: string | undefined;
  let weights: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const told = JSON.parse(line) as { step?: number; weights?: string };
    if (told.weights !== undefined) weights = told.weights;
    else checkpoint = line;
    if (killAt !== undefined && (told.step ?? 0) >= killAt) child.kill('SIGKILL');
  }
  return { checkpoint, weights };
}

it(`ends with the bytes of an undisturbed one, killed ${KILLS} times at steps of seed ${SEED}`, async () => {
  const undisturbed = await live(undefined);
  const steps = Array.from({ length: TINY_STEPS - 2 }, (_, i) => i + 1);
  const kills = shuffle(steps, seededRandom('killed training', SEED))
    .slice(0, KILLS)
    .sort((a, b) => a - b);
  let checkpoint: string | undefined;
  for (const step of kills) {
    const life = await live(checkpoint, step);
    expect(life.weights, `killed after step ${step}`).toBeUndefined();
    checkpoint = life.checkpoint ?? checkpoint;
  }
  expect((await live(checkpoint)).weights).toBe(undisturbed.weights);
  expect(undisturbed.weights).toMatch(/^sha256\//);
});
