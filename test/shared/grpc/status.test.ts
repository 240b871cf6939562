import { describe, expect, it } from 'vitest';
import { CpralError } from '../../../services/shared/errors.ts';
import { fromServiceError, toServiceError } from '../../../services/shared/grpc/status.ts';

const sent = (message: string, field = 'name') =>
  toServiceError(new CpralError('INVALID_ARGUMENT', message, { field })) as Parameters<typeof fromServiceError>[0];

/** As they travel: the text percent-encoded, the details in base64. */
function trailerBytes({ details, metadata }: ReturnType<typeof sent>): number {
  const rich = metadata.get('grpc-status-details-bin')[0] as Buffer;
  return encodeURI(details).length + rich.toString('base64').length;
}

describe('an error as a status', () => {
  it('comes back with its text and its field', () => {
    expect(fromServiceError(sent('name: expected a name, got none'))).toMatchObject({
      message: 'name: expected a name, got none',
      field: 'name',
      code: 'INVALID_ARGUMENT',
    });
  });

  it.each([
    ['ASCII', 'x'.repeat(100_000)],
    ['four bytes a character', '💥'.repeat(50_000)],
  ])('that quotes a long input in %s fits into trailers, and keeps both its ends', (_, input) => {
    const error = sent(`name "${input}": expected 63 characters`, input);
    expect(trailerBytes(error)).toBeLessThan(8192);
    expect(error.details).toMatch(/^name "(.*) … (.*)": expected 63 characters$/);
    expect(error.details).not.toContain('\ufffd');
  });

  it('with half a character in its text is sent all the same', () => {
    expect(() => trailerBytes(sent('name "\ud83d"'))).not.toThrow();
  });
});
