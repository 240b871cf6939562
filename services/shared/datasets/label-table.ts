// From the ids in a format's label files to the ids of its class map.
import { VOID_ID } from './dataset-source.ts';

const REFUSED = -1;

/** At a file's id, 0 to 255: the class, VOID_ID, or REFUSED. */
export type LabelTable = Int16Array;

/** A table of pairs [id in the file, class]; 255 stays void, everything else is refused. */
export function labelTable(pairs: Iterable<readonly [fileId: number, classId: number]>): LabelTable {
  const table = new Int16Array(256).fill(REFUSED);
  table[VOID_ID] = VOID_ID;
  for (const [fileId, classId] of pairs) table[fileId] = classId;
  return table;
}

/** The table of a format whose files hold the classes 0..n-1 as they are. */
export function sameIds(classCount: number): LabelTable {
  return labelTable(Array.from({ length: classCount }, (_, id) => [id, id] as const));
}

/**
 * Looks up every id, N -> N.
 * @returns the classes, or the first place with an id that the table refuses
 */
export function lookUp(ids: Uint8Array, table: LabelTable): { classes: Uint8Array } | { refusedAt: number } {
  const classes = new Uint8Array(ids.length);
  for (let i = 0; i < ids.length; i++) {
    const classId = table[ids[i]!]!;
    if (classId === REFUSED) return { refusedAt: i };
    classes[i] = classId;
  }
  return { classes };
}

/** The ids that a table takes, as in "0-10, 255". */
export function acceptedIds(table: LabelTable): string {
  const ranges: [number, number][] = [];
  table.forEach((classId, id) => {
    if (classId === REFUSED) return;
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === id - 1) last[1] = id;
    else ranges.push([id, id]);
  });
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}
