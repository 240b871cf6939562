// The port to messages: a work queue with acknowledgement, and events for whoever listens. Messages carry ids, never pixels, and the
// bus may lose all of them: what is open stands in the database, and the reconciler publishes it again.

/** What a worker can do; one queue each. */
export type WorkKind = 'train' | 'rate' | 'find_regions' | 'annotate' | 'extend_labels';

export const WORK_KINDS: readonly WorkKind[] = ['train', 'rate', 'find_regions', 'annotate', 'extend_labels'];

export interface WorkMessage {
  readonly itemId: string;
  /** W3C trace context of whoever opened the item. */
  readonly traceparent?: string | undefined;
}

/** A message in the hands of a worker. */
export interface Delivery extends WorkMessage {
  /** Keeps the message from being handed to somebody else; called for as long as the work makes progress. */
  working(): void;
}

/** What becomes of a message. */
export type Outcome =
  /** It is dealt with: committed, or not ours to do. */
  | { readonly action: 'forget' }
  /** Hand it out again, to anybody, after this time. */
  | { readonly action: 'retry'; readonly afterMs: number }
  /** Never hand it out again: trying again cannot help. */
  | { readonly action: 'refuse'; readonly cause: string };

export interface BusEvent {
  /** Unique; a subscriber may see it twice. */
  readonly id: string;
  /** "cpral.campaign.changed" and so on: docs/events.md. */
  readonly type: string;
  readonly subject: string;
  readonly time: Date;
  readonly traceparent?: string | undefined;
  /** JSON of the message in events.proto. */
  readonly data: unknown;
}

export interface Subscription {
  /** Takes nothing new, and resolves when what was taken is finished. */
  close(): Promise<void>;
}

export interface Bus {
  /**
   * Publishing an item that waits or is in a worker's hands already changes nothing.
   * Throws RESOURCE_EXHAUSTED where the queue is full, UNAVAILABLE where the bus cannot be reached.
   */
  publishWork(kind: WorkKind, message: WorkMessage): Promise<void>;
  /** Hands over one message at a time; the next one comes when the handler has resolved. Handlers do not throw. */
  consumeWork(kind: WorkKind, handler: (delivery: Delivery) => Promise<Outcome>): Subscription;
  /** Whether the queue takes more. True where that cannot be found out: the outbox keeps what the bus does not take. */
  hasRoom(): Promise<boolean>;
  publishEvent(event: BusEvent): Promise<void>;
  /** Events from now on. */
  subscribe(handler: (event: BusEvent) => void): Promise<Subscription>;
  /** Throws UNAVAILABLE where the bus cannot be reached. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Messages that wait for workers, in any bus: a pool of a million images in shards of 32, three times over. */
export const MAX_WAITING_MESSAGES = 100_000;
