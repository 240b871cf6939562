import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { EVENTS } from '../../services/pool-registry/event-catalogue.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const page = readFileSync(path.join(ROOT, 'docs/events.md'), 'utf8');
const events = Object.entries(EVENTS) as [string, (typeof EVENTS)[keyof typeof EVENTS]][];

/** An event's part of the page, as it has to be. */
function section(
  type: string,
  { when, subject, message, version, toJSON, example }: (typeof events)[number][1],
): string {
  const json = JSON.stringify((toJSON as (value: unknown) => unknown)(example), null, 2);
  return [
    `### ${type}`,
    '',
    `Told when ${when}.`,
    '',
    `NATS subject \`cpral.events.${type}\`, \`ce-subject\` ${subject}, data \`${message}\`, version ${version}.`,
    '',
    '```json',
    json,
    '```',
  ].join('\n');
}

describe('docs/events.md', () => {
  it.each(events)('says of %s what the code does', (type, entry) => {
    expect(page).toContain(section(type, entry));
  });

  it('has no event that the code does not have', () => {
    const documented = [...page.matchAll(/^### (\S+)$/gm)].map(([, type]) => type);
    expect(documented).toEqual(events.map(([type]) => type));
  });
});

describe('the catalogue', () => {
  it('has every message of events.proto, and only those', () => {
    const descriptors = readFileSync(path.join(ROOT, 'proto/gen/descriptors.binpb'));
    const file = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors)).getFile('cpral/v1/events.proto');
    const messages = file?.messages.map((message) => message.typeName);
    expect(events.map(([, { message }]) => message).toSorted()).toEqual(messages?.toSorted());
  });
});
