import { describe, expect, it } from 'vitest';
import { exitCodeOf, messageOf } from '../../services/cli/exit-code.ts';
import { CpralError, invalid } from '../../services/shared/errors.ts';

describe('exit codes', () => {
  it('are 2 for what the caller can mend', () => {
    for (const code of ['INVALID_ARGUMENT', 'NOT_FOUND', 'FAILED_PRECONDITION'] as const) {
      expect(exitCodeOf(new CpralError(code, 'x'))).toBe(2);
    }
  });

  it('are 1 for everything else', () => {
    for (const code of ['UNAVAILABLE', 'INTERNAL', 'DATA_LOSS', 'ABORTED'] as const) {
      expect(exitCodeOf(new CpralError(code, 'x'))).toBe(1);
    }
    expect(exitCodeOf(new Error('x'))).toBe(1);
    expect(exitCodeOf('x')).toBe(1);
  });
});

describe('an error in one line', () => {
  it('says the flag in place of the field that the registry refused', () => {
    const error = invalid('config.training.batch_size: expected 2 to 256, got 300', {
      field: 'config.training.batch_size',
    });
    expect(messageOf(error)).toBe('--batch: expected 2 to 256, got 300');
  });

  it('puts the flag before a sentence that does not begin with the field', () => {
    const error = invalid('strategy "best": expected one of cpral, random', { field: 'config.strategy' });
    expect(messageOf(error)).toBe('--strategy: strategy "best": expected one of cpral, random');
  });

  it('leaves a field without a flag, and a flag that is there, as they are', () => {
    expect(messageOf(invalid('config.sigma: expected more', { field: 'config.sigma' }))).toBe(
      'config.sigma: expected more',
    );
    expect(messageOf(invalid('--size: no', { field: '--size' }))).toBe('--size: no');
  });

  it('has no line breaks', () => {
    expect(messageOf(new Error('one\n  two'))).toBe('one two');
  });
});
