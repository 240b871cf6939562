/** A time of the protocol in ISO 8601. */
export function isoOf(time: Date | undefined): string | undefined {
  return time?.toISOString();
}
