// Numbers as the report writes them.
const BLANK = '\u202f';

/** 0.6123 -> "0.612". */
export const miouText = (miou: number) => miou.toFixed(3);

/** 0.1234 -> "12.3 %". */
export const percentText = (share: number, digits = 1) => `${(share * 100).toFixed(digits)}${BLANK}%`;

/** A difference of mIoU in points: 0.031 -> "+3.1". */
export function pointsText(difference: number): string {
  const points = (difference * 100).toFixed(1);
  if (Number(points) === 0) return '0.0';
  return difference > 0 ? `+${points}` : `−${points.slice(1)}`;
}

/** 1234567 -> "1 234 567", with narrow blanks that do not break. */
export const countText = (count: number) => String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, BLANK);

/** Short names as headings show them: cpral -> CPRAL, random-r -> random-r. */
export const strategyText = (name: string) => name.replace(/^cpral/, 'CPRAL');
