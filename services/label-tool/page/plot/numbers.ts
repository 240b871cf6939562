// Numbers as people read them: the same on every screen. Pure.

const THOUSANDS = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

export const countText = (count: number) => THOUSANDS.format(count);
export const compactText = (count: number) => COMPACT.format(count);
export const iouText = (iou: number | null | undefined) => (iou === null || iou === undefined ? '–' : iou.toFixed(3));

/** @param fraction of 1; small ones get more digits, and what is there is never 0 */
export function percentText(fraction: number): string {
  const percent = 100 * fraction;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  return `${percent.toFixed(percent > 0 && percent < 10 ? 1 : 0)} %`;
}

export function durationText(seconds: number): string {
  if (seconds < 1) return '< 1 s';
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

export function bytesText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value >= 100 || power === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}

/** @returns day and time as the browser's user writes them */
export const timeText = (iso: string) =>
  new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export const plural = (count: number, one: string, many = `${one}s`) =>
  `${countText(count)} ${count === 1 ? one : many}`;

/** @param difference of two mIoU */
export function pointsText(difference: number): string {
  const points = 100 * difference;
  return `${points >= 0 ? '+' : '−'}${Math.abs(points).toFixed(1)} points`;
}
