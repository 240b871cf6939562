import { describe, expect, it } from 'vitest';
import { readS3Credentials } from '../../../services/shared/objects/s3-credentials.ts';
import { parseS3Url } from '../../../services/shared/objects/s3-url.ts';

describe('the URL of a store in S3', () => {
  it('names bucket, prefix, endpoint, region and whether to make the bucket', () => {
    const location = parseS3Url('s3://pool/a/b/?endpoint=http://127.0.0.1:9000&region=eu-west-1&create=true');
    expect({ ...location, endpoint: location.endpoint.href }).toEqual({
      bucket: 'pool',
      prefix: 'a/b/',
      endpoint: 'http://127.0.0.1:9000/',
      region: 'eu-west-1',
      create: true,
    });
  });

  it('with a bucket alone means AWS, and makes nothing', () => {
    const location = parseS3Url('s3://pool');
    expect({ ...location, endpoint: location.endpoint.href }).toEqual({
      bucket: 'pool',
      prefix: '',
      endpoint: 'https://s3.us-east-1.amazonaws.com/',
      region: 'us-east-1',
      create: false,
    });
  });

  it.each([
    ['https://pool', 'something else'],
    ['s3://', '""'],
    ['s3://Pool_', '"Pool_"'],
    ['s3://pool?endpoint=ftp://host', '"ftp://host"'],
    ['s3://pool?endpoint=http://host/path', '"http://host/path"'],
    ['s3://pool?endpont=http://host', '"endpont"'],
  ])('%s is refused, saying what arrived', (url, got) => {
    const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(got) });
    expect(() => parseS3Url(url)).toThrow(refused);
  });

  it('with credentials is refused without repeating them', () => {
    expect(() => parseS3Url('s3://key:hidden@pool')).toThrow(/^(?!.*hidden).*AWS_SECRET_ACCESS_KEY/);
  });
});

describe('the credentials of a store in S3', () => {
  it('are refused where one is missing, naming the variable', () => {
    expect(() => readS3Credentials({ AWS_ACCESS_KEY_ID: 'id' })).toThrow(/AWS_SECRET_ACCESS_KEY/);
  });
});
