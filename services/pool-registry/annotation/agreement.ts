// How far two labels of a window agree. Pure.
import { NO_CLASS } from '../../shared/labels/origins.ts';
import { IGNORED } from './drafts.ts';

/**
 * Mean intersection over union, over the classes that either of both has. Pixels that one of them gives no class do not count.
 * @returns undefined where no pixel counts
 */
export function meanIou(a: Uint8Array, b: Uint8Array): number | undefined {
  const both = new Map<number, number>();
  const either = new Map<number, number>();
  const add = (counts: Map<number, number>, id: number) => counts.set(id, (counts.get(id) ?? 0) + 1);
  for (let i = 0; i < a.length; i++) {
    const [one, other] = [a[i]!, b[i]!];
    if (isNoClass(one) || isNoClass(other)) continue;
    add(either, one);
    if (one === other) add(both, one);
    else add(either, other);
  }
  if (either.size === 0) return undefined;
  const ious = [...either].map(([id, union]) => (both.get(id) ?? 0) / union);
  return ious.reduce((sum, iou) => sum + iou, 0) / ious.length;
}

/**
 * Share of a model's certainty that speaks against a label: sum of certainty where they differ, over its sum.
 * @param certainty 0 to 255, as long as the label
 * @returns undefined where the model is certain of nothing
 */
export function disagreement(
  label: Uint8Array,
  { prediction, certainty }: { readonly prediction: Uint8Array; readonly certainty: Uint8Array },
): number | undefined {
  let against = 0;
  let all = 0;
  for (let i = 0; i < label.length; i++) {
    if (isNoClass(label[i]!)) continue;
    all += certainty[i]!;
    if (label[i] !== prediction[i]) against += certainty[i]!;
  }
  return all === 0 ? undefined : against / all;
}

const isNoClass = (id: number) => id === NO_CLASS || id === IGNORED;
