// The port to messages: a work queue with acknowledgement, and events for whoever listens. Messages carry ids, never pixels, and the
// bus may lose all of them: what is open stands in the database, and the reconciler publishes it again.

/** What a worker can do; one queue each. */
export type WorkKind = 'train' | 'rate' | 'find_regions' | 'annotate' | 'extend_labels';

export interface WorkMessage {
  readonly itemId: string;
}

export interface BusEvent {
  /** Unique; a subscriber may see it twice. */
  readonly id: string;
  /** "cpral.campaign.changed" and so on. */
  readonly type: string;
  readonly subject: string;
  readonly time: Date;
  /** JSON of the message in events.proto. */
  readonly data: unknown;
}

export interface Subscription {
  /** Takes nothing new, and resolves when what was taken is finished. */
  close(): Promise<void>;
}

export interface Bus {
  /** Publishing an item that waits already changes nothing. */
  publishWork(kind: WorkKind, message: WorkMessage): Promise<void>;
  /** Hands over one message at a time; the next one comes when the handler has resolved. Handlers do not throw. */
  consumeWork(kind: WorkKind, handler: (message: WorkMessage) => Promise<void>): Subscription;
  publishEvent(event: BusEvent): Promise<void>;
  subscribe(handler: (event: BusEvent) => void): Subscription;
}
