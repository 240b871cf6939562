import { describe, expect, it } from 'vitest';
import { readConfig } from '../../services/pool-registry/config.ts';

const read = (CPRAL_LEASE_SECONDS?: string) =>
  readConfig({ CPRAL_OBJECTS_URL: 'file:///objects', CPRAL_DATABASE_URL: 'pglite:', CPRAL_LEASE_SECONDS });

describe('CPRAL_LEASE_SECONDS', () => {
  it('says how long a silent worker keeps its item', () => {
    expect(read('6').leaseMs).toBe(6_000);
    expect(read().leaseMs).toBeUndefined();
  });

  it.each(['1', '601', '6.5', 'soon'])('is refused where it is %s', (text) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', field: 'CPRAL_LEASE_SECONDS' }),
    );
  });
});
