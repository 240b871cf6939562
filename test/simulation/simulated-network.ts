// Calls between processes as gRPC makes them, in bytes, over a network that loses, repeats and delays requests and answers.
import { type ServerUnaryCall, type ServiceDefinition, type ServiceError, status } from '@grpc/grpc-js';
import { CpralError } from '../../services/shared/errors.ts';
import type { GrpcService } from '../../services/shared/grpc/server.ts';
import { toServiceError } from '../../services/shared/grpc/status.ts';
import type { Process, Scheduler } from './scheduler.ts';

const DEADLINE_MS = 10_000;
const SLOWEST_MS = 45_000;

interface Server {
  readonly process: Process;
  readonly services: readonly GrpcService[];
}

type Method = ServiceDefinition[string];
type Answer = (error: Partial<ServiceError> | null, response?: unknown) => void;
type Unary = (call: ServerUnaryCall<unknown, unknown>, answer: Answer) => void;

export interface SimulatedNetwork {
  serve(process: Process, services: readonly GrpcService[]): void;
  /** A generated client's methods, as far as they are unary, to any replica that is up. */
  client<Client>(process: Process, definition: object): Client;
}

export function simulatedNetwork(scheduler: Scheduler): SimulatedNetwork {
  let servers: Server[] = [];

  const arrive = (caller: Process, method: Method, bytes: Buffer, answer: Answer) => {
    servers = servers.filter(({ process }) => process.alive);
    const server = scheduler.pick(servers);
    if (!server) return answer(unavailable());
    const handler = handlerOf(server, method);
    const name = method.path.split('/')[2];
    scheduler.note(server.process.name, `hears ${name} of ${caller.name}`);
    server.process.onCrash(() => answer(unavailable()));
    const call = { request: method.requestDeserialize(bytes), getPath: () => method.path, once() {} };
    handler(call as unknown as ServerUnaryCall<unknown, unknown>, (error, response) => {
      if (!server.process.alive) return;
      const reply = response ? method.responseDeserialize(method.responseSerialize(response)) : undefined;
      scheduler.note(server.process.name, `answers ${name} of ${caller.name}${error ? `: ${error.details}` : ''}`);
      if (scheduler.strikes('replyLost')) return scheduler.note('network', `LOSES the answer to ${name}`);
      scheduler.deliver(scheduler.soonMs(), () => answer(error, reply));
    });
  };

  const send = (caller: Process, method: Method, request: unknown, callback: Answer) => {
    const bytes = method.requestSerialize(request);
    const name = method.path.split('/')[2];
    let answered = false;
    const answer: Answer = (error, response) => {
      if (answered || !caller.alive) return;
      answered = true;
      callback(error, response);
    };
    scheduler.at(DEADLINE_MS, () => answer(toServiceError(new CpralError('DEADLINE_EXCEEDED', 'no answer in time'))));
    const deliver = (delayMs: number) => scheduler.deliver(delayMs, () => arrive(caller, method, bytes, answer));
    if (scheduler.strikes('requestTwice')) deliver(scheduler.between(0, SLOWEST_MS));
    if (scheduler.strikes('requestLost')) return scheduler.note('network', `LOSES ${name} of ${caller.name}`);
    deliver(scheduler.strikes('requestSlow') ? scheduler.between(0, SLOWEST_MS) : scheduler.soonMs());
  };

  return {
    serve: (process, services) => void servers.push({ process, services }),
    client<Client>(process: Process, definition: object): Client {
      const methods = Object.entries(definition as ServiceDefinition).map(([name, method]) => [
        name,
        (request: unknown, _metadata: unknown, _options: unknown, callback: Answer) =>
          send(process, method, request, callback),
      ]);
      return Object.fromEntries(methods) as Client;
    },
  };
}

function handlerOf({ services }: Server, { path }: Method): Unary {
  for (const { definition, implementation } of services)
    for (const [name, method] of Object.entries(definition))
      if (method.path === path) return implementation[name] as Unary;
  throw new Error(`nobody serves ${path}`);
}

function unavailable(): Partial<ServiceError> {
  return { ...toServiceError(new CpralError('UNAVAILABLE', 'nobody listens')), code: status.UNAVAILABLE };
}
