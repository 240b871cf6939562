import { Refused } from '../../client/request.ts';
import type { FieldErrors } from './draft-form.ts';

/** @returns what a refusal says, at its field; nested fields are known by their last name */
export function fieldErrorsOf(error: unknown): FieldErrors {
  if (!(error instanceof Refused) || !error.problem.field) return {};
  return { [error.problem.field.split('.').at(-1)!]: error.problem.detail || error.problem.title };
}
