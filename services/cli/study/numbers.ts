// Estimates as texts.
import { miouText, percentText, pointsText } from '../report/numbers.ts';
import type { Estimate } from './statistics.ts';

export const NONE = '–';

/** 0.512 ± 0.013 */
export const miouEstimate = (value: Estimate | null): string =>
  withInterval(value, miouText, (half) => half.toFixed(3));

/** +1.4 ± 0.9, in points */
export const pointsEstimate = (value: Estimate | null): string =>
  withInterval(value, pointsText, (half) => (half * 100).toFixed(1));

/** 41.2 ± 0.8 % */
export const percentEstimate = (value: Estimate | null): string =>
  value?.halfWidth == null
    ? withInterval(value, percentText, String)
    : `${(value.mean * 100).toFixed(1)} ± ${percentText(value.halfWidth)}`;

/** 12.3 ± 0.4 */
export const secondsEstimate = (value: Estimate | null): string =>
  withInterval(
    value,
    (seconds) => seconds.toFixed(1),
    (half) => half.toFixed(1),
  );

function withInterval(value: Estimate | null, text: (mean: number) => string, halfText: (half: number) => string) {
  if (!value) return NONE;
  return value.halfWidth === null ? text(value.mean) : `${text(value.mean)} ± ${halfText(value.halfWidth)}`;
}
