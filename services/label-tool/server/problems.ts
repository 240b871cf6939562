// Every refusal as a problem document (RFC 9457): the registry's status and field, the validator's, or nothing but "internal" for what nobody
// foresaw, whose text may name what a client must not see.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { CpralError, type StatusName } from '../../shared/errors.ts';
import type { Problem } from '../api-types.ts';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Not as expected',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Not possible now',
  412: 'Changed meanwhile',
  413: 'Too large',
  415: 'Not that kind of content',
  422: 'Not complete',
  428: 'Entity tag missing',
  429: 'Too much at once',
  500: 'Internal error',
  501: 'Not available',
  503: 'Not reachable',
  504: 'No answer in time',
};

const STATUS: Readonly<Partial<Record<StatusName, number>>> = {
  INVALID_ARGUMENT: 400,
  OUT_OF_RANGE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  FAILED_PRECONDITION: 409,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
  CANCELLED: 503,
  DEADLINE_EXCEEDED: 504,
};

/** What a reason says more exactly than its status code. */
const STATUS_OF_REASON: Readonly<Record<string, number>> = {
  ETAG_MISMATCH: 412,
  IF_MATCH_REQUIRED: 428,
  INCOMPLETE: 422,
  TOO_LARGE: 413,
  UNSUPPORTED_CONTENT: 415,
};

const UNREACHED_DETAIL = 'The registry does not answer, or not as expected.';
const INTERNAL_DETAIL = 'The log of the service has the cause.';

export function sendProblem(
  error: FastifyError | CpralError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const problem = problemOf(error);
  if (problem.status === 500) request.log.error({ err: error }, 'request failed');
  else request.log.debug({ status: problem.status, reason: problem.reason }, problem.detail);
  const retryAfterMs = error instanceof CpralError ? error.retryAfterMs : undefined;
  if (retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(retryAfterMs / 1_000));
  reply
    .status(problem.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(problem));
}

export function problemOf(error: FastifyError | Error): Problem {
  if (error instanceof CpralError) return ofCpral(error);
  const { validation, validationContext, statusCode = 500, code } = error as FastifyError;
  if (validation) {
    const [first] = validation;
    const missing =
      first?.keyword === 'required' ? `/${(first.params as { missingProperty?: string }).missingProperty}` : '';
    const path = `${first?.instancePath ?? ''}${missing}`.split('/').filter(Boolean).join('.');
    const field = path || validationContext || 'body';
    return problem(400, `${field}: ${first?.message ?? 'not as expected'}`, { field, reason: 'INVALID_ARGUMENT' });
  }
  // The framework's own refusals, such as a body that is too large: their sentences name nothing that is inside.
  if (statusCode >= 400 && statusCode < 500) return problem(statusCode, error.message, { reason: code });
  return problem(500, INTERNAL_DETAIL, {});
}

function ofCpral({ code, message, field, reason }: CpralError): Problem {
  const status = STATUS_OF_REASON[reason] ?? STATUS[code] ?? 500;
  if (status === 500) return problem(500, INTERNAL_DETAIL, { reason });
  // Without a reason of the registry's own it is the connection that speaks, and it names addresses.
  const detail = status >= 500 && reason === code ? UNREACHED_DETAIL : message;
  return problem(status, detail, { field, reason });
}

function problem(
  status: number,
  detail: string,
  { field, reason }: { field?: string | undefined; reason?: string | undefined },
): Problem {
  return {
    title: TITLES[status] ?? 'Refused',
    status,
    detail,
    ...(field ? { field } : {}),
    ...(reason ? { reason } : {}),
  };
}
