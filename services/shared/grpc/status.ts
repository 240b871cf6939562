// Errors to gRPC statuses with google.rpc details, and back. Unknown errors become INTERNAL without their text: it may name what a caller must not see.
import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { BadRequest, ErrorInfo, RetryInfo, Status } from '../../../proto/gen/google/rpc/status.ts';
import { CpralError, type StatusName } from '../errors.ts';
import { fromDuration, toDuration } from './duration.ts';

const DOMAIN = 'cpral';
const DETAILS_KEY = 'grpc-status-details-bin';
const TYPE_URL = 'type.googleapis.com/';

/** A sentence may quote what came; trailers have a limit, and beyond it a client hears nothing but a broken stream. */
const MAX_MESSAGE = 1_000;

export function toServiceError(error: unknown): Partial<ServiceError> {
  if (!(error instanceof CpralError)) {
    return { code: status.INTERNAL, details: 'internal error; the log of the service has the cause' };
  }
  const message = error.message.length > MAX_MESSAGE ? `${error.message.slice(0, MAX_MESSAGE)}...` : error.message;
  const details = [
    any('google.rpc.ErrorInfo', ErrorInfo.encode({ reason: error.reason, domain: DOMAIN, metadata: {} }).finish()),
  ];
  if (error.field) {
    const fieldViolations = [{ field: error.field, description: message }];
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
