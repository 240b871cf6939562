// The settings of a store on a test's S3 server.
import { readS3Credentials, type S3Credentials } from '../../services/shared/objects/s3-credentials.ts';

export function s3Settings(
  environment: Readonly<Record<string, string>> | undefined,
  prefix = '',
): { url: string; credentials: S3Credentials } {
  const url = environment?.CPRAL_OBJECTS_URL ?? '';
  return { url: url.replace('?', `${prefix}?`), credentials: readS3Credentials(environment ?? {}) };
}
