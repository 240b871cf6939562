// What one replica does at a time, by PostgreSQL's advisory locks. The server frees a lock when its holder's connection ends.

/** Runs a turn, or returns undefined at once where another replica has the same one under way. */
export type Exclusively = <T>(name: keyof typeof LOCKS, turn: () => Promise<T>) => Promise<T | undefined>;

/** The first of the two keys of our locks, so that they are not those of other programs in the same database. */
export const LOCK_NAMESPACE = 0x63_70_72_61;

export const LOCKS = { migrate: 1, relay: 2, reconcile: 3, launch: 4 } as const;
