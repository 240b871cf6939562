// Which bucket, and where: s3://BUCKET/PREFIX?endpoint=http://HOST:PORT&region=REGION&create=true
//   endpoint  the server; AWS's own for the region where it is left out
//   region    us-east-1 by default
//   create    true makes the bucket where it is missing
// Secrets do not stand in it: URLs end up in logs and process lists.
import { invalid } from '../errors.ts';

const DEFAULT_REGION = 'us-east-1';
const OPTIONS = ['endpoint', 'region', 'create'];
/** What S3 itself asks of a bucket's name. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

export interface S3Location {
  readonly bucket: string;
  /** Empty, or ends with a slash. */
  readonly prefix: string;
  readonly endpoint: URL;
  readonly region: string;
  readonly create: boolean;
}

/** @throws INVALID_ARGUMENT naming the variable and what is wrong */
export function parseS3Url(text: string): S3Location {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 's3:') throw wrong('s3://BUCKET/PREFIX', 'something else');
  if (url.username || url.password)
    throw wrong('credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY', 'some in the URL');
  if (!BUCKET.test(url.hostname))
    throw wrong('a bucket of 3 to 63 lower-case letters, digits, "." or "-"', `"${url.hostname}"`);
  const unknown = [...url.searchParams.keys()].find((name) => !OPTIONS.includes(name));
  if (unknown) throw wrong(`the options ${OPTIONS.join(', ')}`, `"${unknown}"`);
  const region = url.searchParams.get('region') ?? DEFAULT_REGION;
  const prefix = url.pathname.replace(/^\/+|\/+$/g, '');
  return {
    bucket: url.hostname,
    prefix: prefix && `${prefix}/`,
    endpoint: parseEndpoint(url.searchParams.get('endpoint') ?? `https://s3.${region}.amazonaws.com`),
    region,
    create: url.searchParams.get('create') === 'true',
  };
}

function parseEndpoint(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if ((url?.protocol === 'http:' || url?.protocol === 'https:') && url.pathname === '/') return url;
  throw wrong('an endpoint such as https://HOST:PORT', `"${text}"`);
}

function wrong(expected: string, got: string) {
  return invalid(`CPRAL_OBJECTS_URL: expected ${expected}, got ${got}`, { field: 'CPRAL_OBJECTS_URL' });
}
