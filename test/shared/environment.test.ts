import { describe, expect, it } from 'vitest';
import { readServiceConfig } from '../../services/shared/environment.ts';

const BASE = { CPRAL_OBJECTS_URL: 'file:///tmp' };
const TLS = {
  CPRAL_TLS_CERT_FILE: '/tls/tls.crt',
  CPRAL_TLS_KEY_FILE: '/tls/tls.key',
  CPRAL_TLS_CA_FILE: '/tls/ca.crt',
};
const read = (more: Record<string, string>) => readServiceConfig({ ...BASE, ...more }, { port: 4101 });

describe("a service's environment", () => {
  it.each(['127.0.0.1:4101', '127.1.2.3:1', 'localhost:4101', '[::1]:4101'])('allows plaintext on %s', (listen) => {
    expect(read({ CPRAL_LISTEN: listen })).toMatchObject({ listen, tls: undefined });
  });

  it.each(['0.0.0.0:4101', '[::]:4101', '10.0.0.1:4101', 'registry:4101', '127.0.0.1.example.org:1'])(
    'refuses plaintext on %s that nobody asked for',
    (listen) => {
      expect(() => read({ CPRAL_LISTEN: listen })).toThrow(expect.objectContaining({ field: 'CPRAL_LISTEN' }));
      expect(() => read({ CPRAL_LISTEN: listen, CPRAL_ALLOW_PLAINTEXT: 'no' })).toThrow();
      expect(read({ CPRAL_LISTEN: listen, CPRAL_ALLOW_PLAINTEXT: '1' }).listen).toBe(listen);
    },
  );

  it('reads certificates, which allow every address', () => {
    expect(read({ CPRAL_LISTEN: '0.0.0.0:4101', ...TLS }).tls).toEqual({
      certFile: '/tls/tls.crt',
      keyFile: '/tls/tls.key',
      caFile: '/tls/ca.crt',
    });
  });

  it.each(Object.keys(TLS))('names %s where it alone is missing', (missing) => {
    expect(() => read({ ...TLS, [missing]: '' })).toThrow(expect.objectContaining({ field: missing }));
  });
});
