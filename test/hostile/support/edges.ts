// A valid request with one field at a time brought to the edges of its type, for every field that the request sets or could set.
import {
  clone,
  create,
  type DescField,
  type DescMessage,
  type Message,
  ScalarType,
  toBinary,
} from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';

export interface Edge {
  /** Field names from the request down, as in "config.training.learning_rate"; of a list its first element. */
  readonly path: string;
  /** What the field holds now, for people. */
  readonly what: string;
  /** No meaning of the field could allow it: NaN, an infinity, a number that an enumeration does not name. */
  readonly isAbsurd: boolean;
  readonly bytes: Uint8Array;
}

interface Variant extends Omit<Edge, 'bytes'> {
  readonly message: Message;
}

const INT32 = [-1, 0, 2 ** 31 - 1, -(2 ** 31)];
const UINT32 = [0, 2 ** 32 - 1];
const INT64 = [-1n, 0n, 2n ** 63n - 1n, -(2n ** 63n)];
const FLOATS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 0, 3e38, 1e-38];
const STRINGS = [
  '',
  'no-such-thing',
  'x'.repeat(100_000),
  '../../../etc/passwd',
  'file:///etc/passwd',
  "'; drop table campaigns; --",
  'nul\0inside',
  'line\nbreak \u202eright to left',
  '💥ẞ\u0301',
];
const BYTES = [Buffer.alloc(0), Buffer.from([0xff, 0x00, 0x80, 0x7f]), Buffer.alloc(1 << 20)];
const MANY = 2_000;
const UNKNOWN_ENUM = 9_999;
/** Field 536870911, the highest there is, as a length-delimited "?": what a newer client might send. */
const UNKNOWN_FIELD = Uint8Array.of(0xfa, 0xff, 0xff, 0xff, 0x0f, 0x01, 0x3f);

/** @param base valid, of the message's type */
export function* edgesOf(type: DescMessage, base: Message): Generator<Edge> {
  const bytes = toBinary(type, base);
  yield { path: '', what: 'as it should be', isAbsurd: false, bytes };
  yield { path: '', what: 'a field that nobody knows', isAbsurd: false, bytes: Buffer.concat([bytes, UNKNOWN_FIELD]) };
  for (const { message, ...edge } of variants(type, base, new Set())) yield { ...edge, bytes: toBinary(type, message) };
}

/** @param seen types that were looked into: a reference to an object is checked in one place, however many fields hold one */
function* variants(type: DescMessage, base: Message, seen: Set<DescMessage>): Generator<Variant> {
  if (seen.has(type)) return;
  seen.add(type);
  for (const field of type.fields) {
    for (const { path, value, ...edge } of valuesOf(field, reflect(type, base).get(field), seen)) {
      const message = clone(type, base);
      const view = reflect(type, message, false);
      if (value === undefined) view.clear(field);
      else setValue(view, field, value);
      yield { ...edge, path: path === '' ? field.name : `${field.name}.${path}`, message };
    }
  }
}

type View = ReturnType<typeof reflect>;
interface Value extends Omit<Edge, 'bytes'> {
  readonly value: unknown;
}

function setValue(view: View, field: DescField, value: unknown): void {
  if (field.fieldKind === 'message') view.set(field, reflect(field.message, value as Message, false));
  else if (field.fieldKind === 'list') {
    view.clear(field);
    const list = view.get(field);
    for (const element of value as unknown[]) {
      list.add(field.listKind === 'message' ? reflect(field.message, element as Message, false) : (element as never));
    }
  } else view.set(field, value as never);
}

function* valuesOf(field: DescField, present: unknown, seen: Set<DescMessage>): Generator<Value> {
  switch (field.fieldKind) {
    case 'scalar':
      yield* scalars(field.scalar);
      break;
    case 'enum':
      for (const value of [0, UNKNOWN_ENUM, -1]) yield { ...edge(`${value}`, value !== 0), value };
      break;
    case 'message':
      yield { ...edge('unset'), value: undefined };
      yield { ...edge('empty'), value: create(field.message) };
      if (present !== undefined) {
        for (const { message: value, ...rest } of variants(field.message, messageOf(present), seen)) {
          yield { ...rest, value };
        }
      }
      break;
    case 'list':
      yield* lists(field, [...(present as Iterable<unknown>)], seen);
      break;
    default:
      throw new Error(`${field.parent.typeName}.${field.name}: maps have no edges here yet`);
  }
}

function* lists(
  field: DescField & { fieldKind: 'list' },
  present: readonly unknown[],
  seen: Set<DescMessage>,
): Generator<Value> {
  const { listKind } = field;
  const elements = listKind === 'message' ? present.map(messageOf) : present;
  yield { ...edge('empty'), value: [] };
  const first = elements[0] ?? emptyElement(field);
  yield { ...edge(`${MANY} times the same`), value: new Array(MANY).fill(first) };
  if (elements.length > 0) yield { ...edge('doubled'), value: [...elements, ...elements] };
  if (listKind === 'message' && elements.length > 0) {
    for (const { message, ...rest } of variants(field.message, elements[0] as Message, seen)) {
      yield { ...rest, value: [message, ...elements.slice(1)] };
    }
  }
  if (listKind === 'scalar') {
    for (const { value, ...rest } of scalars(field.scalar)) yield { ...rest, value: [value] };
  }
}

function emptyElement(field: DescField & { fieldKind: 'list' }): unknown {
  if (field.listKind === 'message') return create(field.message);
  return field.listKind === 'scalar' ? [...scalars(field.scalar)][0]!.value : 0;
}

function* scalars(scalar: ScalarType): Generator<Value> {
  for (const value of scalarValues(scalar)) {
    yield { ...edge(describeValue(value), typeof value === 'number' && !Number.isFinite(value)), value };
  }
}

function scalarValues(scalar: ScalarType): readonly unknown[] {
  switch (scalar) {
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return FLOATS;
    case ScalarType.INT32:
      return INT32;
    case ScalarType.UINT32:
      return UINT32;
    case ScalarType.INT64:
      return INT64;
    case ScalarType.BOOL:
      return [false, true];
    case ScalarType.STRING:
      return STRINGS;
    case ScalarType.BYTES:
      return BYTES;
    default:
      throw new Error(`scalar ${ScalarType[scalar]}: no edges for it yet`);
  }
}

function describeValue(value: unknown): string {
  if (Buffer.isBuffer(value)) return `${value.length} bytes`;
  if (typeof value !== 'string') return String(value);
  return value.length > 60 ? `${value.length} characters` : JSON.stringify(value);
}

const edge = (what: string, isAbsurd = false) => ({ path: '', what, isAbsurd });
const messageOf = (view: unknown): Message => (view as View).message;
