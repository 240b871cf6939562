// Which classes are rare: those with less than half of what each would have if all had the same share. Pure.
export function rareClasses(classShare: readonly number[]): number[] {
  const limit = 1 / (2 * classShare.length);
  return classShare.flatMap((share, id) => (share > 0 && share < limit ? [id] : []));
}

/** Mean over the rare classes that occur. @param iou by class id, null where a class does not occur; null where none does */
export function rareIou(iou: readonly (number | null)[], rare: readonly number[]): number | null {
  const values = rare.flatMap((id) => iou[id] ?? []);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
