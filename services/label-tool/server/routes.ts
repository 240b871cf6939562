// How a route is written: a schema for all that comes in and goes out, which checks, types and documents it.
import type { Readable } from 'node:stream';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import { Type } from 'typebox';
import type { ToolContext } from '../context.ts';
import { Problem } from '../schemas/problem-schema.ts';

export type ToolServer = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export type Routes = (server: ToolServer, context: ToolContext) => void;

/** Beside each success: any refusal. */
export const REFUSALS = { '4xx': Problem, '5xx': Problem } as const;

/** What event-stream.ts makes. */
export const EVENT_STREAM = {
  description: 'Server-sent events',
  content: { 'text/event-stream': { schema: Type.String() } },
};

const MAX_ID_LENGTH = 512;
/** Tokens are the registry's. */
const MAX_TOKEN_LENGTH = 2_048;

export const Id = (description: string) => Type.String({ minLength: 1, maxLength: MAX_ID_LENGTH, description });
export const PageToken = Type.Optional(
  Type.String({ maxLength: MAX_TOKEN_LENGTH, description: 'nextPageToken of the page before' }),
);
export const CampaignParams = Type.Object({ campaignId: Id('of the campaign') });
export const IfMatch = Type.Object({
  'if-match': Type.Optional(Type.String({ description: 'The entity tag of what is to be changed, or *' })),
});

/** Bytes of an answer, where schemas know JSON alone. */
export const bytes = (payload: Readable | Buffer) => payload as never;
