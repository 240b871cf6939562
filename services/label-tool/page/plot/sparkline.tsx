// A curve the size of a word. Its numbers stand beside it.
import { pointsOf, rangeOf } from './sparkline-points.ts';

export interface SparklineProps {
  readonly values: readonly (number | null)[];
  /** Of the axis; the values' own where it is absent. */
  readonly range?: readonly [number, number];
  readonly color?: string;
  readonly label: string;
  readonly width?: number;
  readonly height?: number;
}

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
