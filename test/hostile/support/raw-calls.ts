// Calls by bytes: what a program that has no generated code, or a broken one, would send.
import { readFileSync } from 'node:fs';
import { createFileRegistry, type DescMethod, type DescService, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import type { StatusName } from '../../../services/shared/errors.ts';
import { fromServiceError } from '../../../services/shared/grpc/status.ts';

const DESCRIPTORS = new URL('../../../proto/gen/descriptors.binpb', import.meta.url);

/** All of the project's own services, from the descriptors that reflection serves. */
export function ownServices(): DescService[] {
  const files = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(DESCRIPTORS)));
  return [...files].filter((entry) => entry.kind === 'service').filter(({ typeName }) => typeName.startsWith('cpral.'));
}

export interface Answer {
  readonly code: StatusName;
  readonly message: string;
  /** The request field that the service blames. */
  readonly field: string | undefined;
}

export interface RawCalls {
  /** Sends the messages and reads the answer to its end or for `deadlineMs`; of a stream that goes on by itself its first message. */
  send(method: DescMethod, messages: readonly Uint8Array[], deadlineMs: number): Promise<Answer>;
  close(): void;
}

/** What they send first shows that the request was taken; the rest takes as long as the work does. */
const GOES_ON = new Set(['Train', 'WatchCampaign', 'WatchOperation']);

const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const asIs = (bytes: Buffer) => bytes;

export function rawCalls(address: string): RawCalls {
  const client = new Client(address, credentials.createInsecure());
  return {
    send: (method, messages, deadlineMs) => {
      const path = `/${method.parent.typeName}/${method.name}`;
      const options = { deadline: Date.now() + deadlineMs };
      return new Promise<Answer>((resolve) => {
        const done = (error: ServiceError | null) => resolve(answerOf(error));
        // A stream takes one message as well as a unary call does.
        if (method.methodKind === 'server_streaming' || method.methodKind === 'unary') {
          const stream = client.makeServerStreamRequest(path, asBuffer, asIs, messages[0]!, options);
          stream.on('data', () => {
            if (!GOES_ON.has(method.name)) return;
            done(null);
            stream.cancel();
          });
          stream.on('error', done);
          stream.on('end', () => done(null));
          return;
        }
        const stream = client.makeClientStreamRequest(path, asBuffer, asIs, options, done);
        for (const message of messages) stream.write(message);
        stream.end();
      });
    },
    close: () => client.close(),
  };
}

function answerOf(error: ServiceError | null): Answer {
  if (!error) return { code: 'OK', message: '', field: undefined };
  const { field } = fromServiceError(error);
  return { code: status[error.code] as StatusName, message: error.details, field };
}
