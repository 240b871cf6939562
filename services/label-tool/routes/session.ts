// Who is signed in, and in which project they work.
import { Type } from 'typebox';
import { OWNER } from '../../shared/identity/caller.ts';
import { checkProject } from '../../shared/identity/project.ts';
import { callerOf } from '../people/person.ts';
import { Session } from '../schemas/session-schemas.ts';
import { REFUSALS, type Routes } from '../server/routes.ts';

const MAX_NAME = 40;

export const sessionRoutes: Routes = (server) => {
  server.get(
    '/session',
    {
      schema: { summary: 'Who is signed in; the owner, where nobody has to', response: { 200: Session, ...REFUSALS } },
    },
    async ({ person }, reply) => {
      const { kind, project, permissions } = person ? callerOf(person) : OWNER;
      const projects = [...new Set((person?.grants ?? []).map((grant) => grant.project))].sort();
      const csrfToken = person ? reply.generateCsrf() : '';
      const { name = 'owner' } = person ?? {};
      return {
        kind: kind === 'person' ? ('person' as const) : ('owner' as const),
        name,
        project,
        projects,
        csrfToken,
        permissions: [...permissions].sort(),
      };
    },
  );

  server.post(
    '/session/project',
    {
      schema: {
        summary: 'Goes on in another project',
        body: Type.Object({ project: Type.String({ maxLength: MAX_NAME }) }, { additionalProperties: false }),
        response: { 204: Type.Null(), ...REFUSALS },
      },
    },
    async ({ person, session, body: { project } }, reply) => {
      if (person) {
        const moved = { ...person, project: checkProject(project, 'project') };
        callerOf(moved);
        session.set('person', moved);
      }
      return reply.code(204).send(null);
    },
  );
};
