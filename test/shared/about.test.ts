import { expect, test } from 'vitest';
import { about } from '../../services/shared/about.ts';
import { invalid } from '../../services/shared/errors.ts';

test('an error says what it was about and keeps its code, field and cause', async () => {
  const cause = invalid('expected a PNG, got a JPEG', { field: 'classes', reason: 'NOT_PNG' });
  await expect(about('mask of a', Promise.reject(cause))).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    reason: 'NOT_PNG',
    field: 'classes',
    message: 'mask of a: expected a PNG, got a JPEG',
    cause,
  });
});

test('an error that is nobody else to mend passes unchanged', async () => {
  const bug = new TypeError('bug');
  await expect(about('mask of a', Promise.reject(bug))).rejects.toBe(bug);
});

test('a result passes unchanged', async () => {
  await expect(about('mask of a', Promise.resolve(3))).resolves.toBe(3);
});
