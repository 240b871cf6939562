// The flags of `cpral key` and `cpral audit`.
import type { Command as Commander } from 'commander';
import { ROLES, type Role } from '../shared/identity/roles.ts';
import type { Command } from './command.ts';
import { connected, connection, jsonOption, option, type RawConnection } from './flags.ts';
import { oneOf, someText, wholeNumber } from './values.ts';

const ROLE_NAMES = Object.keys(ROLES) as Role[];
const DAY_MS = 86_400_000;
const MAX_DAYS = 3_650;
const MAX_ENTRIES = 1_000;

type RawJson = RawConnection & { readonly json?: boolean };
type RawCreate = RawConnection & { readonly role: Role; readonly project?: string; readonly days?: number };
type RawAudit = RawJson & { readonly subject?: string; readonly limit: number };

/** @param now from which the days of a key count */
export function addAccessCommands(program: Commander, done: (command: Command) => void, now = Date.now()): void {
  const key = program.command('key').description("programs' keys: make, list and revoke them");
  connected(key.command('create').description('make a key and print its secret, once'))
    .argument('<NAME>', 'what it is for')
    .addOption(option('--role <role>', 'what it may do', oneOf, ROLE_NAMES).makeOptionMandatory())
    .addOption(option('--project <project>', 'where; * is everywhere (default: your own)', someText, 'a project'))
    .addOption(
      option('--days <n>', 'for how long (default: until it is revoked)', wholeNumber, { min: 1, max: MAX_DAYS }),
    )
    .action((displayName: string, o: RawCreate) => {
      const expireTime = o.days === undefined ? undefined : new Date(now + o.days * DAY_MS);
      const { role, project = '' } = o;
      done({ name: 'key create', connection: connection(o), displayName, role, project, expireTime });
    });
  connected(key.command('list').description('list keys, newest first'))
    .addOption(jsonOption())
    .action((o: RawJson) => done({ name: 'key list', connection: connection(o), json: o.json === true }));
  connected(key.command('revoke').description('end a key: from the next call on it is nobody’s'))
    .argument('<KEY>', "the key's id, as key list shows it")
    .action((id: string, o: RawConnection) => done({ name: 'key revoke', connection: connection(o), id }));

  const audit = program.command('audit').description('who did what');
  connected(audit.command('list').description('list what was done and what was refused, newest first'))
    .addOption(option('--subject <who>', 'only what this one did', someText, 'a subject'))
    .addOption(option('--limit <n>', 'at most so many', wholeNumber, { min: 1, max: MAX_ENTRIES }).default(50))
    .addOption(jsonOption())
    .action((o: RawAudit) => {
      const { subject, limit } = o;
      done({ name: 'audit list', connection: connection(o), json: o.json === true, subject, limit });
    });
}
