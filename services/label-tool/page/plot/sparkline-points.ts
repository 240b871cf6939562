// Where the points of a small curve lie. Pure.

/** Room for the last point. */
const MARGIN_PX = 4;

export function pointsOf(
  values: readonly (number | null)[],
  [low, high]: readonly [number, number],
  { width, height }: { readonly width: number; readonly height: number },
): { x: number; y: number }[] {
  const stepPx = (width - 2 * MARGIN_PX) / Math.max(1, values.length - 1);
  return values.flatMap((value, at) => {
    if (value === null) return [];
    const share = high > low ? (value - low) / (high - low) : 0.5;
    return [{ x: MARGIN_PX + at * stepPx, y: height - MARGIN_PX - share * (height - 2 * MARGIN_PX) }];
  });
}

export function rangeOf(values: readonly (number | null)[]): readonly [number, number] {
  const there = values.filter((value) => value !== null);
  return [Math.min(...there), Math.max(...there)];
}
