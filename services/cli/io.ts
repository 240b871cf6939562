// What a command may touch of the process that it runs in.
export interface Io {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WriteStream | NodeJS.WritableStream;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
}

export function print(io: Io, text: string): void {
  io.stdout.write(`${text}\n`);
}

export function tell(io: Io, text: string): void {
  io.stderr.write(`${text}\n`);
}
