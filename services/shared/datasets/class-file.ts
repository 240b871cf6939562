// The class file of a masks folder: names in the order of their ids, each with a colour or without.
import type { ClassMap } from '../../../proto/gen/cpral/v1/resources.ts';
import { invalid } from '../errors.ts';
import { defaultColor } from './class-map.ts';

/** 255 is void, so the ids 0 to 254 remain. */
const MAX_CLASSES = 255;
const MAX_NAME_LENGTH = 100;
const COLOR = /^#[0-9a-f]{6}$/i;

/** One name a line, "#rrggbb" after it where the class has a colour. Throws INVALID_ARGUMENT naming the line. */
export function parseClassText(text: string): ClassMap {
  const lines = text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/);
  return checked(
    lines.map((line, i) => {
      // A line of text may hold what JavaScript takes for the end of a line.
      const [, name, color] = /^(.*?)(?:\s+(#\S*))?$/s.exec(line.trim())!;
      return { name: name!, color, place: `line ${i + 1}` };
    }),
  );
}

/** A list, or an object with a list "classes", of names or of {"name", "color"}. Throws INVALID_ARGUMENT naming the entry. */
export function parseClassJson(text: string): ClassMap {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalid(`expected JSON, got ${(cause as Error).message.replaceAll(/\s+/g, ' ')}`, { cause });
  }
  const list = isObject(json) ? json.classes : json;
  if (!Array.isArray(list)) throw invalid('expected a list of classes, got none');
  return checked(
    list.map((entry: unknown, i) => {
      const { name, color } = isObject(entry) ? entry : { name: entry, color: undefined };
      return { name, color, place: `entry ${i + 1}` };
    }),
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function checked(entries: readonly { name: unknown; color: unknown; place: string }[]): ClassMap {
  if (entries.length < 1 || entries.length > MAX_CLASSES) {
    throw invalid(`expected 1 to ${MAX_CLASSES} classes, got ${entries.length}`);
  }
  const names = new Set<string>();
  const classes = entries.map(({ name, color = defaultColor(names.size), place }) => {
    if (typeof name !== 'string' || name.trim() === '' || name.length > MAX_NAME_LENGTH) {
      throw invalid(`${place}: expected a name of 1 to ${MAX_NAME_LENGTH} characters, got ${JSON.stringify(name)}`);
    }
    if (typeof color !== 'string' || !COLOR.test(color)) {
      throw invalid(`${place}: expected a colour #rrggbb, got ${JSON.stringify(color)}`);
    }
    if (names.has(name.trim())) throw invalid(`${place}: expected a name of its own, got "${name.trim()}" again`);
    names.add(name.trim());
    return { name: name.trim(), color: color.toLowerCase() };
  });
  return { classes };
}
