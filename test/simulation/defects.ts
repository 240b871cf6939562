// Defects that are planted to see the checker find them.
import type { RegistryOptions } from '../../services/pool-registry/service.ts';
import type { Bus } from '../../services/shared/bus/bus.ts';
import type { GrpcService } from '../../services/shared/grpc/server.ts';
import type { STUBS } from './stub-compute.ts';

type Ports = Required<Omit<RegistryOptions, 'alone'>>;

export interface Defect {
  readonly bus?: (bus: Bus) => Bus;
  readonly services?: (services: readonly GrpcService[], ports: Ports) => readonly GrpcService[];
  readonly stubs?: Partial<typeof STUBS>;
}
