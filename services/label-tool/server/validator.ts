// What comes in is checked by its schema. What is text by nature, such as a query, is read as the number that it should be; JSON has numbers of
// its own, and null is none of them.
import { Ajv } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';

export function validatorCompiler(): FastifySchemaCompiler<TSchema> {
  const text = new Ajv({ coerceTypes: true, strict: false });
  const json = new Ajv({ coerceTypes: false, strict: false });
  return ({ schema, httpPart }) => (httpPart === 'body' ? json : text).compile(schema);
}
