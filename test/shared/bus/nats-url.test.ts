import { describe, expect, it } from 'vitest';
import { readNatsUrl } from '../../../services/shared/bus/nats/nats-url.ts';

const DEFAULTS = {
  tls: false,
  user: undefined,
  password: undefined,
  credentialsFile: undefined,
  replicas: 1,
  ackWaitMs: 45_000,
};

describe('CPRAL_NATS_URL', () => {
  it.each([
    ['nats://host:4222', { ...DEFAULTS, servers: ['host:4222'] }],
    [
      'nats://a:1,b:2/?replicas=3&ack_wait_seconds=9',
      { ...DEFAULTS, servers: ['a:1', 'b:2'], replicas: 3, ackWaitMs: 9_000 },
    ],
    ['tls://me:p%40ss@a:1', { ...DEFAULTS, servers: ['a:1'], tls: true, user: 'me', password: 'p@ss' }],
    [
      'tls://a:1?credentials_file=/run/nats.creds',
      { ...DEFAULTS, servers: ['a:1'], tls: true, credentialsFile: '/run/nats.creds' },
    ],
  ])('%s is read', (url, expected) => expect(readNatsUrl(url)).toEqual(expected));

  it.each([
    ['http://secret@host:4222', 'expected nats://'],
    ['nats://host', 'expected nats://'],
    [
      'nats://host:4222?replica=3',
      'expected no setting but replicas, ack_wait_seconds and credentials_file, got replica',
    ],
    ['nats://host:4222?credentials_file=nats.creds', 'expected the path of a file from the root'],
    ['nats://me:secret@host:4222?credentials_file=/nats.creds', 'and no user, got a user as well'],
    ['nats://host:4222?replicas=9', 'replicas: expected 1 to 5, got "9"'],
    ['nats://host:4222?ack_wait_seconds=1', 'ack_wait_seconds: expected 6 to 600, got "1"'],
    ['nats://host:4222?ack_wait_seconds=soon', 'ack_wait_seconds: expected 6 to 600, got "soon"'],
  ])('%s is refused', (url, message) => {
    expect(() => readNatsUrl(url)).toThrow(message);
  });

  it('is never repeated in an error: it may hold a password', () => {
    expect(() => readNatsUrl('http://me:hunter2@host:4222')).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.not.stringContaining('hunter2') }),
    );
  });
});
