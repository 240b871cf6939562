// Work items in rows. Pure.
import { type WorkItem, workItemStateToJSON } from '../../proto/gen/cpral/v1/resources.ts';
import { formatTable } from './table.ts';

const COLUMNS = [
  { title: 'item', align: 'left' },
  { title: 'kind', align: 'left' },
  { title: 'state', align: 'left' },
  { title: 'attempts', align: 'right' },
  { title: 'failures', align: 'right' },
  { title: 'done', align: 'right' },
  { title: 'age', align: 'right' },
  { title: 'worker', align: 'left' },
  { title: 'cause', align: 'left' },
] as const;
const CAUSE_CHARACTERS = 100;
const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const;

/** @param now for the ages */
export function workTable(items: readonly WorkItem[], now: Date): string {
  const rows = items.map((item) => [
    item.itemId,
    item.kind,
    workItemStateToJSON(item.state).replace('WORK_ITEM_STATE_', '').toLowerCase(),
    String(item.attempts),
    String(item.failures),
    item.unitsTotal > 0 ? `${Math.floor((100 * item.unitsDone) / item.unitsTotal)} %` : '',
    item.createTime ? ageText((now.getTime() - item.createTime.getTime()) / 1_000) : '',
    item.worker,
    item.cause.replaceAll('\n', ' ').slice(0, CAUSE_CHARACTERS),
  ]);
  return formatTable(COLUMNS, rows);
}

function ageText(seconds: number): string {
  for (const [unit, length] of UNITS) if (seconds >= 2 * length) return `${Math.floor(seconds / length)} ${unit}`;
  return `${Math.max(0, Math.floor(seconds))} s`;
}
