// The minio client with our limits: a server that goes silent ends the request, and trying again is left to the caller.
import http from 'node:http';
import https from 'node:https';
import { Client } from 'minio';
import type { S3Credentials } from './s3-credentials.ts';
import type { S3Location } from './s3-url.ts';

const SILENCE_LIMIT_MS = 10_000;
const MAX_SOCKETS = 32;
/** Objects above this size are uploaded in parts of it. */
export const PART_BYTES = 16 << 20;

export function createS3Client({ endpoint, region }: S3Location, credentials: S3Credentials): Client {
  const useSSL = endpoint.protocol === 'https:';
  const { Agent, request } = useSSL ? https : http;
  const client = new Client({
    ...credentials,
    endPoint: endpoint.hostname.replace(/^\[|\]$/g, ''),
    ...(endpoint.port && { port: Number(endpoint.port) }),
    useSSL,
    region,
    partSize: PART_BYTES,
    // Its own tries send a stream that was read already, and print to the terminal.
    retryOptions: { disableRetry: true },
    transportAgent: new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS }),
    transport: { request: endingSilence(request) },
  });
  return client;
}

function endingSilence(request: typeof http.request): typeof http.request {
  return ((options: http.RequestOptions, answer: (response: http.IncomingMessage) => void) => {
    const sent = request({ ...options, timeout: SILENCE_LIMIT_MS }, answer);
    sent.on('timeout', () => sent.destroy(new Error(`no byte for ${SILENCE_LIMIT_MS} ms`)));
    return sent;
  }) as typeof http.request;
}
