// `cpral health`: whether services are ready, as those say who look after them. For scripts and for `helm test`.
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@grpc/grpc-js';
import { readTls } from '../../shared/environment.ts';
import { CpralError } from '../../shared/errors.ts';
import { channelCredentials } from '../../shared/grpc/credentials.ts';
import type { CommandOf } from '../command.ts';
import { environment } from '../environment.ts';
import { type Io, print } from '../io.ts';

const CALL_LIMIT_MS = 5_000;
const POLL_MS = 1_000;
/** grpc.health.v1.HealthCheckResponse with nothing but status SERVING: field 1, value 1. */
const SERVING = Buffer.from([0x08, 0x01]);
/** The question without a name: for the service as a whole. */
const WHOLE = Buffer.alloc(0);
const SAME = (bytes: Buffer) => bytes;

/** @throws UNAVAILABLE naming those that were not ready in time */
export async function health({ addresses, waitSeconds }: CommandOf<'health'>, io: Io): Promise<void> {
  const endTime = Date.now() + 1_000 * waitSeconds;
  const ready = await Promise.all(addresses.map((address) => untilReady(address, endTime, io)));
  const missing = addresses.filter((_, i) => !ready[i]);
  if (missing.length > 0) throw new CpralError('UNAVAILABLE', `not ready: ${missing.join(', ')}`);
}

async function untilReady(address: string, endTime: number, io: Io): Promise<boolean> {
  const files = readTls(environment);
  const client = new Client(address, channelCredentials(files && { files }));
  try {
    for (;;) {
      if (await isServing(client)) {
        print(io, `${address} is ready`);
        return true;
      }
      if (Date.now() >= endTime) return false;
      await sleep(POLL_MS, undefined, { signal: io.signal });
    }
  } finally {
    client.close();
  }
}

function isServing(client: Client): Promise<boolean> {
  const deadline = Date.now() + CALL_LIMIT_MS;
  return new Promise((resolve) => {
    client.makeUnaryRequest('/grpc.health.v1.Health/Check', SAME, SAME, WHOLE, { deadline }, (error, answer) =>
      resolve(error === null && answer !== undefined && SERVING.equals(answer)),
    );
  });
}
