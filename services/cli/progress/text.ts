// Progress as text: durations, amounts and bars. Pure.
export interface Amount {
  readonly done: number;
  /** 0 where it is not known yet. */
  readonly total: number;
  /** "steps", "images"; empty where there is nothing to count. */
  readonly unit: string;
}

const FULL = '█';
const EMPTY = '░';
/** Below this share an estimate of the time left is a guess. */
const MIN_SHARE_FOR_ESTIMATE = 0.02;

/** "8 s", "2 min 05 s", "1 h 07 min". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${two(whole % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** Seconds of work; short ones with a tenth, as they appear in finished lines. */
export function formatSeconds(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : formatDuration(seconds);
}

function shareOf({ done, total }: Amount): number {
  return total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
}

/** Seconds left if the rest goes as fast as what is done; undefined while too little is done to tell. */
export function secondsLeft(amount: Amount, elapsedSeconds: number): number | undefined {
  const share = shareOf(amount);
  if (share < MIN_SHARE_FOR_ESTIMATE) return undefined;
  return (elapsedSeconds * (1 - share)) / share;
}

/** "93/150 steps, 62 %, 12 s, 8 s left": what is known of it. */
export function formatAmount(amount: Amount, elapsedSeconds: number): string {
  const parts: string[] = [];
  if (amount.total > 0) {
    const counts = `${Math.floor(amount.done)}/${Math.round(amount.total)}`;
    parts.push(amount.unit === '' ? counts : `${counts} ${amount.unit}`, `${Math.floor(shareOf(amount) * 100)} %`);
  }
  parts.push(formatDuration(elapsedSeconds));
  const left = secondsLeft(amount, elapsedSeconds);
  if (left !== undefined && shareOf(amount) < 1) parts.push(`${formatDuration(left)} left`);
  return parts.join(', ');
}

/** A line no wider than the terminal: the title, a bar in what room there is, and the amount. */
export function formatBar(title: string, amount: Amount, elapsedSeconds: number, columns: number): string {
  const facts = formatAmount(amount, elapsedSeconds);
  const cells = Math.min(32, columns - title.length - facts.length - 4);
  if (cells < 4) return `${title}  ${facts}`.slice(0, columns);
  const full = Math.round(shareOf(amount) * cells);
  return `${title}  ${FULL.repeat(full)}${EMPTY.repeat(cells - full)}  ${facts}`;
}

const two = (value: number) => String(value).padStart(2, '0');
