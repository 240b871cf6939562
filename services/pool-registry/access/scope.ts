// What a list may hold: rows whose id is of the caller's project.
import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { callerNow } from '../../shared/identity/caller.ts';
import { DEFAULT_PROJECT, prefixOf } from '../../shared/identity/project.ts';

/** @param id of a dataset, a campaign, or anything of a campaign @returns undefined where the caller sees all projects */
export function inScope(id: AnyPgColumn): SQL | undefined {
  const { scope } = callerNow();
  return scope === undefined ? undefined : inProject(id, scope);
}

export function inProject(id: AnyPgColumn, project: string): SQL {
  if (project === DEFAULT_PROJECT) return sql`position('_' in ${id}) = 0`;
  return sql`starts_with(${id}, ${prefixOf(project)})`;
}
