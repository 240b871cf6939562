import { Refused, Unreachable } from './request.ts';

/** @returns what a call failed of, as a sentence for who looks at the page */
export function describeError(error: unknown): string {
  if (error instanceof Unreachable) return 'The server does not answer. Is it running, and the network up?';
  if (error instanceof Refused)
    return `${error.problem.title}${error.problem.detail ? `: ${error.problem.detail}` : ''}`;
  return error instanceof Error ? error.message : String(error);
}
