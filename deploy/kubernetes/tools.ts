// Helm and kubeconform: those that the environment names, those on PATH, or pinned versions that Go builds once.
import { existsSync } from 'node:fs';
import { builtProgram, type GoModule, goInstall } from '../servers/go-install.ts';
import { findOnPath, isAtLeast } from '../servers/on-path.ts';
import type { Say } from '../servers/say.ts';

interface Tool {
  /** The environment variable that names the file. */
  readonly variable: string;
  readonly module: GoModule;
  readonly versionArgs: readonly string[];
  readonly oldest: readonly [number, number];
}

const HELM: Tool = {
  variable: 'CPRAL_HELM',
  module: { name: 'helm', package: 'helm.sh/helm/v4/cmd/helm', version: '4.3.1' },
  versionArgs: ['version', '--short'],
  oldest: [3, 18],
};
const KUBECONFORM: Tool = {
  variable: 'CPRAL_KUBECONFORM',
  module: { name: 'kubeconform', package: 'github.com/yannh/kubeconform/cmd/kubeconform', version: '0.8.0' },
  versionArgs: ['-v'],
  oldest: [0, 6],
};

export const findHelm = (say: Say) => findTool(HELM, say);
export const findKubeconform = (say: Say) => findTool(KUBECONFORM, say);

async function findTool({ variable, module, versionArgs, oldest }: Tool, say: Say): Promise<string> {
  const named = process.env[variable];
  if (named) {
    if (!existsSync(named)) throw new Error(`${variable}: expected a program, got "${named}"`);
    return named;
  }
  const onPath = findOnPath(module.name);
  if (onPath && isAtLeast(onPath, versionArgs, oldest)) return onPath;
  return existsSync(builtProgram(module)) ? builtProgram(module) : goInstall(module, say);
}
