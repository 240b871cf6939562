// Kinds of JSON schema that TypeBox has no short word for.
import { type Static, type TProperties, type TSchema, type TSchemaOptions, type TUnsafe, Type } from 'typebox';

export function nullable<Schema extends TSchema>(schema: Schema, options: TSchemaOptions = {}) {
  return Type.Union([schema, Type.Null()], options);
}

/** One of some words: an enum, which reads better in a document than a union of constants. */
export function oneOf<const Word extends string>(words: readonly Word[], options: TSchemaOptions = {}): TUnsafe<Word> {
  return Type.Unsafe<Word>({ type: 'string', enum: [...words], ...options });
}

/** Makes repeating a request safe for a day. */
export const RequestId = Type.String({
  minLength: 1,
  maxLength: 128,
  description: 'The request is made once however often it is sent within a day.',
});

/** What a client sends: nothing that we do not know, so that a misspelt name is told and not passed over. */
export function request<Properties extends TProperties>(properties: Properties, options: TSchemaOptions = {}) {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/** Lists are not changed by whoever sends or gets them. */
export function list<Schema extends TSchema>(
  items: Schema,
  options: TSchemaOptions = {},
): TUnsafe<readonly Static<Schema>[]> {
  return Type.Unsafe<readonly Static<Schema>[]>(Type.Array(items, options));
}
