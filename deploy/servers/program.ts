// Where a server's program comes from: the environment, PATH, a build of an earlier run, a container, or else a build with Go.
import { existsSync } from 'node:fs';
import { type ContainerImage, containerEngine } from './container.ts';
import { builtProgram, type GoModule, goInstall } from './go-install.ts';
import { findOnPath, isExecutable } from './on-path.ts';
import type { Say } from './say.ts';

/** How a server is started: a file of this machine, or an image for an engine. */
export type Program =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'container'; readonly engine: string; readonly image: ContainerImage };

export interface ProgramSource {
  /** The name on PATH. */
  readonly name: string;
  /** The environment variable that names the file. */
  readonly variable: string;
  /** Says whether a program found on PATH will do; older ones may not know what is asked of them. */
  readonly suits?: (file: string) => boolean;
  readonly image: ContainerImage;
  readonly module: GoModule;
}

/** @param say hears where the program comes from, and what takes long */
export async function findProgram(source: ProgramSource, say: Say): Promise<Program> {
  const { name, variable, suits = () => true, image, module } = source;
  const named = process.env[variable];
  if (named) {
    if (!isExecutable(named)) throw new Error(`${variable}: expected an executable, got "${named}"`);
    return fromFile(named, `${name} of ${variable}`, say);
  }
  const onPath = findOnPath(name);
  if (onPath && suits(onPath)) return fromFile(onPath, `${name} on PATH`, say);
  if (onPath) say(`${onPath} is too old for this, leaving it`);
  const built = builtProgram(module);
  if (existsSync(built)) return fromFile(built, `${name} ${module.version}`, say);
  const engine = containerEngine();
  if (engine) {
    say(`${name} from ${image.name}, by ${engine}`);
    return { kind: 'container', engine, image };
  }
  return fromFile(await goInstall(module, say), `${name} ${module.version}`, say);
}

function fromFile(file: string, what: string, say: Say): Program {
  say(`${what}: ${file}`);
  return { kind: 'file', file };
}
