// What a failed request to S3 means: the object is not there, the settings are wrong, or the server is away and may come back.
import { S3Error } from 'minio';
import { CpralError } from '../errors.ts';

const ABSENT = new Set(['NoSuchKey', 'NotFound']);
/** Not a conflict of two writers, after which either of them may have to write again: that is an outage like others. */
const EXISTS = new Set(['PreconditionFailed']);
/** Only a person can mend these. */
const SETTINGS = new Set([
  'AccessDenied',
  'AuthorizationHeaderMalformed',
  'InvalidAccessKeyId',
  'InvalidBucketName',
  'NoSuchBucket',
  'PermanentRedirect',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
]);

export const isAbsent = (error: unknown) => error instanceof S3Error && ABSENT.has(error.code ?? '');
export const isThere = (error: unknown) => error instanceof S3Error && EXISTS.has(error.code ?? '');

/** @param what the request was about */
export function toS3Failure(what: string, cause: unknown): CpralError {
  if (cause instanceof CpralError) return cause;
  const code = cause instanceof S3Error ? (cause.code ?? '') : '';
  if (ABSENT.has(code)) return new CpralError('NOT_FOUND', `${what} is not in the store`, { cause });
  if (SETTINGS.has(code)) {
    return new CpralError('FAILED_PRECONDITION', `${what}: the object store refuses the request: ${code}`, {
      reason: 'OBJECT_STORE_REFUSES',
      cause,
    });
  }
  return new CpralError('UNAVAILABLE', `${what}: the object store is not available for the moment`, {
    reason: 'OBJECT_STORE_UNAVAILABLE',
    cause,
  });
}
