// What no field of a request may hold, whatever its meaning: numbers that are none, which slip through every comparison, and the character that no
// database stores. Pure; a request is what ts-proto decodes.
import { invalid } from '../errors.ts';

const NUL = '\0';

/** @throws INVALID_ARGUMENT naming the field */
export function checkValues(value: unknown, field = ''): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw invalid(`${field}: expected a finite number, got ${value}`, { field });
  }
  if (typeof value === 'string' && value.includes(NUL)) {
    throw invalid(`${field}: expected text without the character NUL, got it`, { field });
  }
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || value instanceof Date) return;
  for (const [name, each] of Object.entries(value)) checkValues(each, fieldOf(field, name, value));
}

/** As the protocol writes it, without what ts-proto puts around a choice, and without places in lists. */
function fieldOf(parent: string, name: string, { $case }: { readonly $case?: unknown }): string {
  if (/^\d+$/.test(name) || name === '$case') return parent;
  const own = name === 'value' && typeof $case === 'string' ? $case : name;
  const snake = own.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return parent === '' ? snake : `${parent}.${snake}`;
}
