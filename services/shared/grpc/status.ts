// Errors to gRPC statuses with google.rpc details, and back. Unknown errors become INTERNAL without their text: it may name what a caller must not see.
import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { BadRequest, ErrorInfo, RetryInfo, Status } from '../../../proto/gen/google/rpc/status.ts';
import { CpralError, type StatusName } from '../errors.ts';
import { fromDuration, toDuration } from './duration.ts';

const DOMAIN = 'cpral';
const DETAILS_KEY = 'grpc-status-details-bin';
const TYPE_URL = 'type.googleapis.com/';
/**
 * Bytes of a message. It travels three times, percent-encoded or in base64, in HTTP/2 trailers, of which a peer takes 8 KiB
 * before it breaks the connection.
 */
const MAX_MESSAGE_BYTES = 1_000;
const MAX_FIELD_BYTES = 100;

export function toServiceError(error: unknown): Partial<ServiceError> {
  if (!(error instanceof CpralError)) {
    return { code: status.INTERNAL, details: 'internal error; the log of the service has the cause' };
  }
  const message = shortened(error.message, MAX_MESSAGE_BYTES);
  const details = [
    any('google.rpc.ErrorInfo', ErrorInfo.encode({ reason: error.reason, domain: DOMAIN, metadata: {} }).finish()),
  ];
  if (error.field) {
    const fieldViolations = [{ field: shortened(error.field, MAX_FIELD_BYTES), description: message }];
    details.push(any('google.rpc.BadRequest', BadRequest.encode({ fieldViolations }).finish()));
  }
  if (error.retryAfterMs !== undefined) {
    const retryDelay = toDuration(error.retryAfterMs);
    details.push(any('google.rpc.RetryInfo', RetryInfo.encode({ retryDelay }).finish()));
  }
  const metadata = new Metadata();
  const rich = Status.encode({ code: status[error.code], message, details }).finish();
  metadata.set(DETAILS_KEY, Buffer.from(rich));
  return { code: status[error.code], details: message, metadata };
}

/** A client's error as the CpralError that the server threw. */
export function fromServiceError(error: ServiceError): CpralError {
  const code = (status[error.code] ?? 'UNKNOWN') as StatusName;
  const details = richDetails(error.metadata);
  const reason = find(details, 'google.rpc.ErrorInfo', (bytes) => ErrorInfo.decode(bytes).reason);
  const field = find(details, 'google.rpc.BadRequest', (bytes) => BadRequest.decode(bytes).fieldViolations[0]?.field);
  const retryDelay = find(details, 'google.rpc.RetryInfo', (bytes) => RetryInfo.decode(bytes).retryDelay);
  return new CpralError(code, error.details || error.message, {
    ...(reason ? { reason } : {}),
    ...(field ? { field } : {}),
    ...(retryDelay && { retryAfterMs: fromDuration(retryDelay) }),
    cause: error,
  });
}

/** The middle is left out: an error that quotes its input says what it wants at the end, too. */
function shortened(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text.toWellFormed();
  const half = maxBytes / 2;
  return `${whole(bytes.subarray(0, half))} … ${whole(bytes.subarray(-half))}`;
}

/** Without the halves of characters at the cut. */
const whole = (bytes: Uint8Array) =>
  Buffer.from(bytes)
    .toString()
    .replace(/^\ufffd+|\ufffd+$/g, '');

type Details = Status['details'];

function richDetails(metadata: Metadata | undefined): Details {
  const bytes = metadata?.get(DETAILS_KEY)[0];
  return bytes instanceof Uint8Array ? Status.decode(bytes).details : [];
}

function find<T>(details: Details, name: string, decode: (bytes: Uint8Array) => T): T | undefined {
  const detail = details.find((entry) => entry.typeUrl === TYPE_URL + name);
  return detail && decode(detail.value);
}

function any(name: string, value: Uint8Array) {
  return { typeUrl: TYPE_URL + name, value };
}
