import { expect, it } from 'vitest';
import { formatTable } from '../../services/cli/table.ts';

it('aligns columns to their widest cell and leaves no blanks at line ends', () => {
  const columns = [
    { title: 'name', align: 'left' },
    { title: 'n', align: 'right' },
    { title: 'note', align: 'left' },
  ] as const;
  expect(
    formatTable(columns, [
      ['a', '1', ''],
      ['longer', '22', 'x'],
    ]),
  ).toBe(['name     n  note', '------  --  ----', 'a        1', 'longer  22  x'].join('\n'));
});
