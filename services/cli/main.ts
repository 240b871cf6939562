#!/usr/bin/env node
import { startTelemetry } from '../shared/telemetry/telemetry.ts';
import { readTelemetryConfig } from '../shared/telemetry/telemetry-config.ts';
// The command line: parse, do, and end with a number that tells how it went.
import { parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { environment } from './environment.ts';
import { EXIT, exitCodeOf, messageOf } from './exit-code.ts';
import { type Io, tell } from './io.ts';
import { cpralVersion } from './machine.ts';

async function main(words: readonly string[]): Promise<number> {
  const interrupt = new AbortController();
  const io: Io = { stdout: process.stdout, stderr: process.stderr, signal: interrupt.signal };
  const stop = () => {
    // The second one is for those who cannot wait; what was committed is safe either way.
    if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
    interrupt.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  let command: Command | undefined;
  try {
    command = parseArguments(words, cpralVersion());
    await observed(command, io);
    return interrupt.signal.aborted && command.name !== 'serve' ? EXIT.interrupted : EXIT.ok;
  } catch (error) {
    if (interrupt.signal.aborted) {
      tell(io, hint(command));
      return EXIT.interrupted;
    }
    tell(io, `cpral: ${messageOf(error)}`);
    return exitCodeOf(error);
  }
}

/** With the traces that the environment asks for; metrics are of services, and serve.ts serves them. */
async function observed(command: Command, io: Io): Promise<void> {
  const { traces } = readTelemetryConfig(environment);
  const telemetry = await startTelemetry('cpral', { metricsListen: undefined, traces });
  try {
    await perform(command, io);
  } finally {
    await telemetry.close();
  }
}

/** Each command is loaded when it is asked for: help answers at once. */
async function perform(command: Command, io: Io): Promise<void> {
  switch (command.name) {
    case 'help':
      io.stdout.write(command.text);
      return;
    case 'serve':
      return (await import('./commands/serve.ts')).serve(command, io);
    case 'health':
      return (await import('./commands/health.ts')).health(command, io);
    case 'run':
      return (await import('./commands/run.ts')).run(command.options, io);
    case 'demo':
      return (await import('./commands/demo.ts')).demo(command.options, io);
    case 'reproduce':
      return (await import('./commands/reproduce.ts')).reproduce(command.options, io);
    case 'compare':
      return (await import('./commands/compare.ts')).compare(command.options, io);
    case 'dataset import':
      return (await import('./commands/dataset-import.ts')).datasetImport(command, io);
    case 'dataset list':
      return (await import('./commands/dataset-list.ts')).datasetList(command, io);
    case 'dataset show':
      return (await import('./commands/dataset-show.ts')).datasetShow(command, io);
    case 'campaign list':
      return (await import('./commands/campaign-list.ts')).campaignList(command, io);
    case 'campaign show':
      return (await import('./commands/campaign-show.ts')).campaignShow(command, io);
    case 'campaign watch':
      return (await import('./commands/campaign-watch.ts')).campaignWatch(command, io);
    case 'campaign resume':
      return (await import('./commands/campaign-resume.ts')).campaignResume(command, io);
    case 'work list':
      return (await import('./commands/work-list.ts')).workList(command, io);
    case 'work redrive':
      return (await import('./commands/work-redrive.ts')).workRedrive(command, io);
    case 'key create':
      return (await import('./commands/key-create.ts')).keyCreate(command, io);
    case 'key list':
      return (await import('./commands/key-list.ts')).keyList(command, io);
    case 'key revoke':
      return (await import('./commands/key-revoke.ts')).keyRevoke(command, io);
    case 'audit list':
      return (await import('./commands/audit-list.ts')).auditList(command, io);
    case 'export labels':
      return (await import('./commands/export-labels.ts')).exportLabels(command, io);
    case 'export model':
      return (await import('./commands/export-model.ts')).exportModel(command, io);
  }
}

function hint(command: Command | undefined): string {
  const follows = ['run', 'demo', 'campaign watch', 'campaign resume'];
  if (command === undefined || !follows.includes(command.name)) return 'Stopped.';
  return 'Stopped. What was done is kept: the same command goes on from there, and so does cpral campaign resume.';
}

process.exitCode = await main(process.argv.slice(2));
