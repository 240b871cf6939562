// Every fault of a dataset is one sentence that begins with the file or folder that is at fault.
import { CpralError, invalid } from '../errors.ts';

export function refusal(file: string, sentence: string, cause?: unknown): CpralError {
  return invalid(`${file}: ${sentence}`, { field: 'dataset', ...(cause === undefined ? {} : { cause }) });
}

/** Does work on a file, and puts the file's name before what it finds wrong. */
export async function naming<Result>(file: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof CpralError && cause.code === 'INVALID_ARGUMENT') throw refusal(file, cause.message, cause);
    throw cause;
  }
}

/** What the file system answered, in words. */
export function systemCause(cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException;
  const words: Record<string, string> = {
    ENOENT: 'nothing there',
    ENOTDIR: 'a path through a file',
    EISDIR: 'a folder',
    EACCES: 'no permission to read it',
    EPERM: 'no permission to read it',
  };
  return (code && words[code]) ?? String((cause as Error).message);
}
