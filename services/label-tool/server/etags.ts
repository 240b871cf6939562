// Entity tags: the registry's are bare, HTTP's are in quotes.
import { CpralError, invalid } from '../../shared/errors.ts';

/** Longer than any tag that we make. */
const MAX_ETAG_LENGTH = 200;

export const quoted = (etag: string) => `"${etag}"`;

/** @returns the registry's tag; empty for `*`, whatever it is @throws where the header is missing or is no strong tag */
export function readIfMatch(header: string | undefined): string {
  if (header === undefined) {
    throw new CpralError(
      'FAILED_PRECONDITION',
      'If-Match: expected the entity tag of what is to be changed, got none',
      {
        field: 'If-Match',
        reason: 'IF_MATCH_REQUIRED',
      },
    );
  }
  if (header.trim() === '*') return '';
  const [, inner] = /^\s*"([\x21\x23-\x7e]+)"\s*$/.exec(header) ?? [];
  if (inner !== undefined && header.length <= MAX_ETAG_LENGTH) return inner;
  throw invalid(
    `If-Match: expected one entity tag in quotes, got ${JSON.stringify(header.slice(0, MAX_ETAG_LENGTH))}`,
    {
      field: 'If-Match',
    },
  );
}
