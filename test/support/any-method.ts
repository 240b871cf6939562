// Calls any method of the protocol by its description: what is said of all methods is tested over all of them, also over those that come later.
import { readFileSync } from 'node:fs';
import {
  create,
  createFileRegistry,
  type DescField,
  type DescMessage,
  type DescMethod,
  type DescOneof,
  fromBinary,
  type JsonValue,
  type Message,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { type Client, Metadata, type ServiceError, status } from '@grpc/grpc-js';

const DESCRIPTORS = new URL('../../proto/gen/descriptors.binpb', import.meta.url);
const PACKAGE = 'cpral.v1.';
const files = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(DESCRIPTORS)));
const MAX_DEPTH = 6;

export const SERVICES = [...files]
  .filter((each) => each.kind === 'service')
  .filter(({ typeName }) => typeName.startsWith(PACKAGE));
export const METHODS: readonly DescMethod[] = SERVICES.flatMap(({ methods }) => methods);
export const pathOf = ({ parent, name }: DescMethod): string => `/${parent.typeName}/${name}`;

/** What a request names: ids by field, and a digest for each object. */
export interface Names {
  readonly ids: Readonly<Record<string, string>>;
  readonly digest: string;
}

/** All requests that a stream of the method would have: one, but where its message is one of several. */
export function requestsOf({ input }: DescMethod, names: Names): Message[] {
  const [choice] = input.oneofs.filter(({ fields }) => fields.length > 1);
  if (!choice || input.fields.some(({ oneof }) => oneof === undefined)) return [filled(input, names, 0)];
  return choice.fields.map((field) => filled(input, names, 0, field));
}

function filled(message: DescMessage, names: Names, depth: number, chosen?: DescField): Message {
  const init: Record<string, unknown> = {};
  for (const member of message.members) {
    const field = member.kind === 'oneof' ? (chosen ?? objectOf(member)) : member;
    const value = namedValue(field, names, depth);
    if (value === undefined) continue;
    if (member.kind === 'oneof') init[member.localName] = { case: field.localName, value };
    else init[field.localName] = value;
  }
  return create(message, init as never);
}

/** A reference, where there is a choice between that and bytes. */
const objectOf = ({ fields }: DescOneof): DescField => fields.find(({ name }) => name === 'object') ?? fields[0]!;

function namedValue(field: DescField, names: Names, depth: number): unknown {
  if (field.fieldKind === 'message' && depth < MAX_DEPTH) return filled(field.message, names, depth + 1);
  const value = field.name === 'digest' ? names.digest : names.ids[field.localName];
  if (field.fieldKind === 'list') return value === undefined ? undefined : [value];
  return field.fieldKind === 'scalar' ? value : undefined;
}

export interface Outcome {
  readonly code: string;
  /** The sentence and the details of an error. */
  readonly said: string;
  readonly answers: readonly JsonValue[];
}

/** Never throws: an error is an outcome. */
export function callAny(
  client: Client,
  method: DescMethod,
  requests: readonly Message[],
  deadlineMs = 5_000,
): Promise<Outcome> {
  const answers: JsonValue[] = [];
  const write = (message: Message) => Buffer.from(toBinary(method.input, message));
  const read = (bytes: Buffer) => toJson(method.output, fromBinary(method.output, bytes));
  const options = { deadline: Date.now() + deadlineMs };
  return new Promise((resolve) => {
    const done = (error: ServiceError | null, answer?: JsonValue) => {
      if (answer !== undefined) answers.push(answer);
      const rich = error?.metadata?.get('grpc-status-details-bin').map(String).join() ?? '';
      resolve({ code: status[error?.code ?? 0] ?? '', said: error ? `${error.details} ${rich}` : '', answers });
    };
    const path = pathOf(method);
    if (method.methodKind === 'unary') {
      client.makeUnaryRequest(path, write, read, requests[0]!, new Metadata(), options, done);
    } else if (method.methodKind === 'client_streaming') {
      const stream = client.makeClientStreamRequest(path, write, read, new Metadata(), options, done);
      for (const request of requests) stream.write(request);
      stream.end();
    } else {
      const stream = client.makeServerStreamRequest(path, write, read, requests[0]!, new Metadata(), options);
      stream.on('data', (answer: JsonValue) => answers.push(answer));
      stream.on('error', done);
      stream.on('end', () => done(null));
    }
  });
}
