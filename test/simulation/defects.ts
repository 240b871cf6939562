// Defects that are planted to see the checker find them.
import { eq } from 'drizzle-orm';
import type { CompleteWorkItemRequest, WorkResult } from '../../proto/gen/cpral/v1/work.ts';
import { commitItem } from '../../services/pool-registry/campaign/work-items.ts';
import { workItems } from '../../services/pool-registry/schema.ts';
import type { RegistryOptions } from '../../services/pool-registry/service.ts';
import type { Bus } from '../../services/shared/bus/bus.ts';
import { unary } from '../../services/shared/grpc/handlers.ts';
import type { GrpcService } from '../../services/shared/grpc/server.ts';
import { STUBS } from './stub-compute.ts';

type Ports = Required<Omit<RegistryOptions, 'alone' | 'leaseMs' | 'launcher'>>;

export interface Defect {
  readonly bus?: (bus: Bus) => Bus;
  readonly services?: (services: readonly GrpcService[], ports: Ports) => readonly GrpcService[];
  readonly stubs?: Partial<typeof STUBS>;
}

interface PlantedDefect {
  readonly name: string;
  readonly defect: Defect;
  /** What the checker says of it. */
  readonly noticed: RegExp;
}

export const DEFECTS: readonly PlantedDefect[] = [
  {
    name: 'a relay that takes an event for told before the bus has it',
    defect: { bus: (bus) => ({ ...bus, publishEvent: async (event) => void bus.publishEvent(event).catch(() => {}) }) },
    noticed: /is never told|is told after event/,
  },
  {
    name: 'a registry that commits a result without looking at the lease',
    defect: { services: (services, ports) => services.map((service) => committingBlindly(service, ports)) },
    noticed:
      /ends otherwise than undisturbed|is committed twice|labelled after it was stopped|was cancelled and is done/,
  },
  {
    name: 'a registry that takes a repeated request for a new one',
    defect: { services: (services) => services.map(forgettingRequests) },
    noticed: /does not end/,
  },
  {
    name: 'a reconciler that publishes nothing a second time',
    defect: { bus: publishingOnce },
    noticed: /does not end/,
  },
  {
    name: 'a rating that depends on what came before',
    defect: { stubs: { rate: ratingByHistory() } },
    noticed: /ends otherwise than undisturbed/,
  },
  {
    name: 'regions that are cheaper than what they label',
    defect: { stubs: { find_regions: findCheaply } },
    noticed: /pixels are labelled and \d+ paid/,
  },
  {
    name: 'an extension that loses pixels that were paid for',
    defect: { stubs: { extend_labels: extendByForgetting } },
    noticed: /the label .* changes/,
  },
];

function committingBlindly(service: GrpcService, { db, log }: Ports): GrpcService {
  if (!('completeWorkItem' in service.implementation)) return service;
  const completeWorkItem = unary(log, async ({ itemId, result, computeSeconds }: CompleteWorkItemRequest) => {
    await db.transaction(async (tx) => {
      const [item] = await tx.select().from(workItems).where(eq(workItems.itemId, itemId));
      if (item && result) await commitItem(tx, item, result, computeSeconds);
    });
    return {};
  });
  return { ...service, implementation: { ...service.implementation, completeWorkItem } };
}

function forgettingRequests(service: GrpcService): GrpcService {
  const { pauseCampaign } = service.implementation;
  if (typeof pauseCampaign !== 'function') return service;
  const forgetting = (call: { request: object }, answer: unknown) =>
    (pauseCampaign as (call: object, answer: unknown) => void)(
      { ...call, request: { ...call.request, requestId: '' } },
      answer,
    );
  return { ...service, implementation: { ...service.implementation, pauseCampaign: forgetting as never } };
}

function publishingOnce(bus: Bus): Bus {
  const published = new Set<string>();
  return {
    ...bus,
    async publishWork(kind, message) {
      if (published.has(message.itemId)) return;
      published.add(message.itemId);
      await bus.publishWork(kind, message);
    },
  };
}

function ratingByHistory(): (typeof STUBS)['rate'] {
  let calls = 0;
  return async (spec, objects) => {
    const result = await STUBS.rate(spec, objects);
    calls++;
    if (result?.$case !== 'rate') return result;
    const ratings = result.value.ratings.map((one, i) => ({ ...one, rating: one.rating + ((i + calls) % 7) }));
    return { ...result, value: { ...result.value, ratings } };
  };
}

async function findCheaply(...work: Parameters<(typeof STUBS)['find_regions']>): Promise<WorkResult['result']> {
  const result = await STUBS.find_regions(...work);
  if (result?.$case !== 'findRegions') return result;
  const candidates = result.value.candidates.map((one) => ({ ...one, unlabelledPixels: 1 }));
  return { ...result, value: { ...result.value, candidates } };
}

async function extendByForgetting(...work: Parameters<(typeof STUBS)['extend_labels']>): Promise<WorkResult['result']> {
  const result = await STUBS.extend_labels(...work);
  if (result?.$case !== 'extendLabels') return result;
  const labels = result.value.labels.map((label) => ({ ...label, labelledPixels: label.labelledPixels - 1n }));
  return { ...result, value: { labels } };
}
