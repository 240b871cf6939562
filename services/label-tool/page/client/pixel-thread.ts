// The page's side of its second thread: a job is a promise.
import type { JobAnswer, JobMessage, Jobs } from './pixel-worker.ts';

export interface PixelThread {
  run<Job extends keyof Jobs>(job: Job, ...args: Parameters<Jobs[Job]>): Promise<ReturnType<Jobs[Job]>>;
  /** What runs is not finished. */
  stop(): void;
}

export function startPixelThread(): PixelThread {
  const worker = new Worker(new URL('./pixel-worker.ts', import.meta.url), { type: 'module' });
  const waiting = new Map<number, (answer: JobAnswer) => void>();
  let lastId = 0;
  worker.addEventListener('message', ({ data }: MessageEvent<JobAnswer>) => {
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  });
  return {
    run(job, ...args) {
      const id = ++lastId;
      const message: JobMessage = { id, job, args };
      worker.postMessage(message);
      return new Promise((resolve, reject) => {
        waiting.set(id, (answer) => {
          if ('error' in answer) reject(new Error(answer.error));
          else resolve(answer.result as ReturnType<Jobs[typeof job]>);
        });
      });
    },
    stop: () => worker.terminate(),
  };
}
