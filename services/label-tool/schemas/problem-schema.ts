// What every refusal looks like.
import { Type } from 'typebox';

export const Problem = Type.Object(
  {
    title: Type.String(),
    status: Type.Number(),
    detail: Type.String(),
    field: Type.Optional(Type.String()),
    reason: Type.Optional(Type.String()),
  },
  { description: 'Every answer that is not a success, as application/problem+json.' },
);
