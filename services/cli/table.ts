// Tables for terminals and pipes. Pure.
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** Two blanks between columns, a rule under the titles, no blanks at line ends. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, at) => Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)));
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, at) =>
        align === 'left' ? (cells[at] ?? '').padEnd(widths[at]!) : (cells[at] ?? '').padStart(widths[at]!),
      )
      .join('  ')
      .trimEnd();
  return [
    line(columns.map(({ title }) => title)),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...rows.map(line),
  ].join('\n');
}
