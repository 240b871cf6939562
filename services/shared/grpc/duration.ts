// google.protobuf.Duration to milliseconds and back.
import type { Duration } from '../../../proto/gen/google/protobuf/duration.ts';

export function toDuration(ms: number): Duration {
  const whole = Math.floor(ms / 1_000);
  return { seconds: BigInt(whole), nanos: Math.round((ms - whole * 1_000) * 1e6) };
}

export function fromDuration({ seconds, nanos }: Duration): number {
  return Number(seconds) * 1_000 + nanos / 1e6;
}
