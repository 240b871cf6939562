// A curve the size of a word. Its numbers stand beside it.

export interface SparklineProps {
  readonly values: readonly (number | null)[];
  /** Of the axis; the values' own where it is absent. */
  readonly range?: readonly [number, number];
  readonly color?: string;
  readonly label: string;
  readonly width?: number;
  readonly height?: number;
}

/** Room for the last point. */
const MARGIN_PX = 4;

export function Sparkline({ values, range, color, label, width = 120, height = 34 }: SparklineProps) {
  const points = pointsOf(values, range ?? rangeOf(values), { width, height });
  const last = points.at(-1);
  if (!last) return <span class="quiet">no model yet</span>;
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={label}
    >
      {points.length > 1 && <polyline points={points.map(({ x, y }) => `${x},${y}`).join(' ')} stroke={color} />}
      <circle cx={last.x} cy={last.y} r="3" fill={color} />
    </svg>
  );
}

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

function rangeOf(values: readonly (number | null)[]): readonly [number, number] {
  const there = values.filter((value) => value !== null);
  return [Math.min(...there), Math.max(...there)];
}
