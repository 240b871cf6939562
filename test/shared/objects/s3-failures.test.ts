import { S3Error } from 'minio';
import { expect, it } from 'vitest';
import { isThere, toS3Failure } from '../../../services/shared/objects/s3-failures.ts';

const failure = (code: string) => Object.assign(new S3Error(code), { code });

it('a refused condition means that the object is there, a conflict of two writers that nobody knows', () => {
  expect(isThere(failure('PreconditionFailed'))).toBe(true);
  expect(isThere(failure('ConditionalRequestConflict'))).toBe(false);
  expect(toS3Failure('sha256:00', failure('ConditionalRequestConflict'))).toMatchObject({ code: 'UNAVAILABLE' });
});
