// deploy/compose.yaml as the specification's reference implementation reads it, without a container engine.
import { spawnSync } from 'node:child_process';
import { goInstall } from '../../deploy/servers/go-install.ts';

/** Merges, schema and defaults; it does not look whether what a service refers to is there. Its main package is called cmd. */
const READER = { name: 'compose-spec', package: 'github.com/compose-spec/compose-go/v2/cmd', version: '2.16.2' };

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export interface ComposeService {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly ports?: readonly { readonly host_ip?: string; readonly published: string; readonly target: number }[];
  readonly build?: { readonly dockerfile: string; readonly target: string };
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly image: string;
  readonly volumes?: readonly { readonly source: string; readonly target: string }[];
  readonly read_only?: boolean;
  readonly stop_grace_period?: string;
}

export function findComposeReader(): Promise<string> {
  return goInstall(READER, (sentence) => console.error(`compose: ${sentence}`));
}

/** @throws what the reader says where it refuses */
export function readCompose(reader: string, text: string): ComposeFile {
  // The program does not hand its environment on, so variables are filled in before: substituted().
  const args = ['--no-path-resolution', '--format', 'json', '-'];
  const { status, stdout, stderr } = spawnSync(reader, args, { input: text, encoding: 'utf8', cwd: '/' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as ComposeFile;
}

/** ${NAME:?what to do} and ${NAME:-default}, the two forms that the file uses. */
export function substituted(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{(\w+):([?-])([^}]*)\}/g, (_, name: string, form: string, otherwise: string) => {
    const value = values[name];
    if (value) return value;
    if (form === '?') throw new Error(`required variable ${name} is missing a value: ${otherwise}`);
    return otherwise;
  });
}
