// Handlers of the registry: as every service has them, and a database that is away for a moment is UNAVAILABLE instead of INTERNAL.
import * as shared from '../../shared/grpc/handlers.ts';
import { translated } from '../database/failures.ts';

type Unary = typeof shared.unary;
type ClientStream = typeof shared.clientStream;
type ServerStream = typeof shared.serverStream;

export const unary: Unary = (log, handler) =>
  shared.unary(log, (request, call) => handler(request, call).catch(rethrow));

export const clientStream: ClientStream = (log, handler) =>
  shared.clientStream(log, (requests, call) => handler(requests, call).catch(rethrow));

export const serverStream: ServerStream = (log, handler) =>
  shared.serverStream(log, async function* (request, call) {
    try {
      yield* handler(request, call);
    } catch (error) {
      rethrow(error);
    }
  });

function rethrow(error: unknown): never {
  throw translated(error);
}
