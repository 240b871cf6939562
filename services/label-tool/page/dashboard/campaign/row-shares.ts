/** @returns each count over its row's sum. Pure */
export function rowShares(confusion: readonly number[], size: number): readonly number[] {
  return confusion.map((count, at) => {
    const row = at - (at % size);
    const sum = confusion.slice(row, row + size).reduce((all, each) => all + each, 0);
    return sum > 0 ? count / sum : 0;
  });
}
