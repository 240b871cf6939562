import type { Judgement } from './study.ts';

/** How a verdict reads on the page and in the terminal. */
export const verdictText = (verdict: Judgement['verdict']): string =>
  verdict === 'unclear' ? 'cannot be told at this size' : verdict;
