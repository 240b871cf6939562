// The person whom a request is answered for. It goes with the flow of control, so that each call to the registry is made in their name.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Bearer } from '../../shared/grpc/send-token.ts';
import { type Caller, callerIn } from '../../shared/identity/caller.ts';
import type { Grant, Permission } from '../../shared/identity/roles.ts';

export interface Person {
  readonly subject: string;
  /** As others call them; for the page alone. */
  readonly name: string;
  /** The provider's, which the registry checks again. */
  readonly token: string;
  readonly grants: readonly Grant[];
  /** The one that they work in. */
  readonly project: string;
  readonly expiresAtMs: number;
}

const people = new AsyncLocalStorage<Person>();

export const asPerson = <T>(person: Person, work: () => T): T => people.run(person, work);

/** Undefined: nobody has to sign in here, and whoever comes is the owner. */
export const personNow = (): Person | undefined => people.getStore();

export function bearerNow(): Bearer | undefined {
  const person = personNow();
  return person && { token: person.token, project: person.project };
}

/** @throws PERMISSION_DENIED where they have no role in their project */
export function callerOf({ subject, grants, project }: Person): Caller {
  return callerIn({ kind: 'person', subject, grants }, project);
}

/** Whether the person of now may; whoever comes may do everything where nobody signs in. */
export function mayNow(permission: Permission): boolean {
  const person = personNow();
  return !person || callerOf(person).permissions.has(permission);
}

/** @param name that the page asked for: whoever signed in acts as themselves, which the registry fills in */
export const actingAs = (name: string): string => (personNow() ? '' : name);

/** What belongs to one of them, or to all where nobody signs in. */
export function personKey(): string {
  const person = personNow();
  return person ? JSON.stringify([person.subject, person.project, person.expiresAtMs]) : '';
}

/** An iterable whose every step is made for the person of now: streams are read later, and by whatever makes room for more. */
export function forThisPerson<T>(items: AsyncIterable<T>): AsyncIterable<T> {
  const inContext = AsyncLocalStorage.snapshot();
  return {
    [Symbol.asyncIterator]() {
      const iterator = inContext(() => items[Symbol.asyncIterator]());
      return {
        next: () => inContext(() => iterator.next()),
        return: (value) => inContext(() => iterator.return?.(value) ?? Promise.resolve({ done: true as const, value })),
      };
    },
  };
}
