/** @returns 128 random bits in hex. Not crypto.randomUUID, which pages without TLS do not have, as in a laboratory's network */
export function newRequestId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
