// What a request names: ids, whose projects are known by them, and objects, whose are not. Pure; a request is what ts-proto decodes.
import { CpralError } from '../errors.ts';

/** Every field that has ids of a project, and what they are ids of. A test walks the protocol for others. */
export const ID_FIELDS = {
  campaignId: 'campaign',
  datasetId: 'dataset',
  operationId: 'operation',
  modelId: 'model',
  itemId: 'work item',
  itemIds: 'work item',
  taskId: 'annotation task',
  keyId: 'key',
} as const;

/** Here the name is made, not looked up. */
const MADE = new Set(['/cpral.v1.PoolRegistry/CreateCampaign campaignId']);

interface NamedId {
  /** As the protocol writes it. */
  readonly field: string;
  readonly what: string;
  readonly id: string;
}

export function idsIn(path: string, request: unknown): NamedId[] {
  const fields = request as Readonly<Record<string, unknown>>;
  return Object.entries(ID_FIELDS).flatMap(([name, what]) => {
    const value = fields[name];
    if (value === undefined || value === '' || MADE.has(`${path} ${name}`)) return [];
    const field = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return [value].flat().map((id) => ({ field, what, id: String(id) }));
  });
}

/** As handlers say it of what there is not. */
export function doesNotExist({ field, what, id }: NamedId): CpralError {
  return new CpralError('NOT_FOUND', `${what} "${id}" does not exist`, { field });
}

/** References to objects, however deep. */
export function digestsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  const { digest } = value as { digest?: unknown };
  const own = typeof digest === 'string' && 'sizeBytes' in value ? [digest] : [];
  return [...own, ...Object.values(value).flatMap(digestsIn)];
}
