import { expect, it } from 'vitest';
import { fileNameOf } from '../../../services/cli/commands/export-labels.ts';

it('an image id becomes a path below the folder', () => {
  expect(fileNameOf('train/0001TP_006690')).toBe('train/0001TP_006690.png');
  expect(fileNameOf('a.b-c')).toBe('a.b-c.png');
  expect(fileNameOf('train/my%20photo')).toBe('train/my%20photo.png');
});

it.each(['../secret', '/etc/passwd', 'train/../../x', 'a//b', '', '.', 'a\\b', 'a b', 'train/\u0000'])(
  'an image id that could lead elsewhere is refused: %j',
  (imageId) => {
    expect(() => fileNameOf(imageId)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  },
);
