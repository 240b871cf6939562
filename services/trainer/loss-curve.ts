// Summaries of a training's losses.

const CURVE_POINTS = 100;
const LAST_SHARE = 0.1;

/** @param losses one a step @returns their means over each hundredth of the steps; as many as there are steps, if fewer */
export function lossCurve(losses: readonly number[]): number[] {
  const points = Math.min(CURVE_POINTS, losses.length);
  const edge = (point: number) => Math.round((point * losses.length) / points);
  return Array.from({ length: points }, (_, point) => mean(losses.slice(edge(point), edge(point + 1))));
}

export function meanOfLastTenth(losses: readonly number[]): number {
  return mean(losses.slice(-Math.max(1, Math.round(losses.length * LAST_SHARE))));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
