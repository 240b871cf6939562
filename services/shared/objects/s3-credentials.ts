// The credentials, from the variables that every S3 tool reads.
import { type Environment, required } from '../environment.ts';

export interface S3Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly sessionToken?: string;
}

export function readS3Credentials(environment: Environment = process.env): S3Credentials {
  const { AWS_SESSION_TOKEN: sessionToken } = environment;
  return {
    accessKey: required(environment, 'AWS_ACCESS_KEY_ID'),
    secretKey: required(environment, 'AWS_SECRET_ACCESS_KEY'),
    ...(sessionToken && { sessionToken }),
  };
}
