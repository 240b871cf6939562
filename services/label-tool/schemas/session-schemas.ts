import { Type } from 'typebox';

export const Session = Type.Object({
  kind: Type.Union([Type.Literal('person'), Type.Literal('owner')]),
  name: Type.String(),
  project: Type.String(),
  projects: Type.Array(Type.String({ description: 'Those that the person has a role in; * is all' })),
  permissions: Type.Array(Type.String()),
  csrfToken: Type.String({ description: 'Goes as the header csrf-token beside whatever changes something' }),
});
