// The probability that a standard normal variable falls between two points, with full relative precision also far out,
// where the difference of two values of the distribution function would be rounding noise.
//
//   phi(x) = exp(-x^2 / 2) / sqrt(2 pi)
//   Phi(x) = 1/2 + phi(x) (x + x^3/3 + x^5/(3 5) + ...)            near the middle
//   Q(x)   = 1 - Phi(x) = phi(x) / (x + 1/(x + 2/(x + 3/(x + ...))))   in the tail (Laplace)

const TAIL_START = 3;
/** Leaves an error below 1e-16 from TAIL_START on. */
const FRACTION_DEPTH = 80;

/** @returns P(from < X < to), from <= to, in standard deviations */
export function normalProbability(from: number, to: number): number {
  if (to <= 0 && from < 0) return normalProbability(-to, -from);
  if (from >= TAIL_START) return upperTail(from) - upperTail(to);
  return fromMiddle(to) - fromMiddle(from);
}

/** Phi(x) - 1/2. */
function fromMiddle(x: number): number {
  if (Math.abs(x) >= TAIL_START) return Math.sign(x) * (0.5 - upperTail(Math.abs(x)));
  let term = x;
  let sum = x;
  for (let odd = 3; Math.abs(term) > Number.EPSILON * Math.abs(sum) * 1e-2; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return density(x) * sum;
}

function upperTail(x: number): number {
  let denominator = x;
  for (let depth = FRACTION_DEPTH; depth >= 1; depth--) denominator = x + depth / denominator;
  return density(x) / denominator;
}

const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
