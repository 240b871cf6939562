// What the chart says of its values is written once, in values.schema.json: from there it goes, as comments, into values.yaml, and
// into the tables of the README. The dashboard is copied, because a chart cannot reach out of its folder.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isMap, parse, parseDocument } from 'yaml';

const CHART = 'charts/cpral';
/** What is generated, relative to the project's root. */
export const GENERATED_OF_CHART = ['README.md', 'values.yaml', 'dashboards/cpral.json'].map(
  (file) => `${CHART}/${file}`,
);
const COMMENT_WIDTH = 116;
const SERVICES = 'services';
/** The row of a table that stands for every service. */
const EVERY_SERVICE = 'services.NAME';
const MARKS = { begin: '<!-- values: generated, see deploy/generate-chart.mjs -->', end: '<!-- end of values -->' };

export function generateChart() {
  const schema = JSON.parse(readFileSync(path.join(CHART, 'values.schema.json'), 'utf8'));
  const file = path.join(CHART, 'values.yaml');
  writeFileSync(file, commented(readFileSync(file, 'utf8'), schema));
  const readme = path.join(CHART, 'README.md');
  const tables = valueTables(schema, parse(readFileSync(file, 'utf8')));
  writeFileSync(readme, between(readFileSync(readme, 'utf8'), tables));
  cpSync('deploy/grafana/cpral.json', path.join(CHART, 'dashboards/cpral.json'));
}

/** Every value with its description above it; of the services, which have much in common, each once. */
function commented(text, schema) {
  const document = parseDocument(text);
  const said = new Set();
  const visit = (map, properties, isService) => {
    for (const [i, { key, value }] of map.items.entries()) {
      const own = properties[key.value];
      if (own === undefined) throw new Error(`${CHART}/values.yaml: ${key.value} is not in values.schema.json`);
      const isNew = !isService || !said.has(own.description);
      const comment = isNew ? wrapped(own.description) : undefined;
      // What stands above a map's first key is the map's; the parser leaves it at either.
      key.commentBefore = i === 0 ? undefined : comment;
      if (i === 0) map.commentBefore = comment;
      if (isService) said.add(own.description);
      const inside = resolved(schema, own).properties;
      if (inside && isMap(value) && !value.flow)
        visit(value, inside, isService || key.value === SERVICES || own.$ref !== undefined);
    }
  };
  visit(document.contents, schema.properties, false);
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function wrapped(text) {
  const lines = [''];
  for (const word of text.split(' ')) {
    if (lines.at(-1).length + word.length >= COMMENT_WIDTH) lines.push('');
    lines[lines.length - 1] += ` ${word}`;
  }
  return lines.join('\n');
}

function valueTables(schema, values) {
  const rows = [];
  const visit = (properties, defaults, prefix) => {
    for (const [key, own] of Object.entries(properties)) {
      const name = prefix + key;
      const inside = resolved(schema, own).properties;
      const value = defaults?.[key];
      if (name === 'global') continue;
      if (inside === undefined || (prefix === '' ? false : isLeaf(value))) rows.push([name, own.description, value]);
      else {
        rows.push([name, own.description]);
        if (prefix !== `${SERVICES}.`) visit(inside, value, `${name}.`);
      }
    }
  };
  visit(schema.properties, values, '');
  const service = [];
  const visitService = (properties, read, prefix) => {
    for (const [key, own] of Object.entries(properties)) {
      const readOwn = (each) => read(each)?.[key];
      const inside = resolved(schema, own).properties;
      if (key === 'autoscaling') {
        service.push([prefix + key, own.description]);
        visitService(inside, readOwn, `${prefix}${key}.`);
      } else service.push([prefix + key, own.description, byService(values[SERVICES], readOwn)]);
    }
  };
  visitService(schema.$defs.gpuWorker.properties, (each) => each, `${EVERY_SERVICE}.`);
  return `${table(rows)}\n\nEvery service, as far as it has it:\n\n${table(service)}`;
}

/** One value where all services agree, else each one's own. */
function byService(services, read) {
  const own = Object.entries(services)
    .map(([name, service]) => [name, read(service)])
    .filter(([, value]) => value !== undefined);
  const howMany = (text) => own.filter(([, value]) => code(value) === text).length;
  const most = own.map(([, value]) => code(value)).sort((a, b) => howMany(b) - howMany(a))[0];
  const others = own.filter(([, value]) => code(value) !== most).map(([name, value]) => `${name}: ${code(value)}`);
  return { text: [most, ...others].join('; ') };
}

const isLeaf = (value) => value === null || typeof value !== 'object' || Object.keys(value).length === 0;
const code = (value) => (value === '' ? '' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``);

function table(rows) {
  const line = ([name, description, value]) => {
    const shown = value === undefined ? '' : (value?.text ?? code(value));
    return `| \`${name}\` | ${description} | ${shown} |`;
  };
  return ['| value | is | default |', '| --- | --- | --- |', ...rows.map(line)].join('\n');
}

function between(text, tables) {
  const [before, rest] = text.split(MARKS.begin);
  const after = rest?.split(MARKS.end)[1];
  if (after === undefined) throw new Error(`${CHART}/README.md: expected the marks of the values, got none`);
  return `${before}${MARKS.begin}\n\n${tables}\n\n${MARKS.end}${after}`;
}

/** With what its reference adds. */
function resolved(schema, own) {
  return own.$ref ? { ...schema.$defs[own.$ref.split('/').at(-1)], ...own } : own;
}
