// Where this process runs and what it is made of, for reports.
import { readFileSync } from 'node:fs';
import os from 'node:os';
import type { ReportMachine } from './report/report.ts';

const PACKAGE = new URL('../../package.json', import.meta.url);

export function describeMachine(): ReportMachine {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model.trim() ?? 'unknown CPU',
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    platform: `${os.platform()} ${os.arch()}`,
  };
}

export function cpralVersion(): string {
  return (JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string }).version;
}

export function describeVersions(): Record<string, string> {
  return { cpral: cpralVersion(), node: process.versions.node };
}
