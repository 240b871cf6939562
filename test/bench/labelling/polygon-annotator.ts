// Labels a region by polygons alone: object by object, the largest first, with as few corners as will do. The commonest class is what is
// filled in around them. Knows the best tolerance in advance, which no person does: a lower bound for polygons.
import { polygon } from '../../../services/label-tool/page/geometry/polygon.ts';
import { createLabelling } from '../../../services/label-tool/page/work/labelling.ts';
import { CLICK_S, DECIDE_S, type Effort, KEY_S } from './action-times.ts';
import { outlineOf, simplify } from './outline.ts';
import type { Region } from './region.ts';
import { agreementOf, commonest, objectsOf, VOID } from './truth.ts';

const TOLERANCES_PX = [6, 4, 3, 2.5, 2, 1.5, 1, 0.5, 0];

export function labelByPolygons(region: Region, goal: number): Effort {
  const efforts = TOLERANCES_PX.map((tolerancePx) => withTolerance(region, goal, tolerancePx));
  const good = efforts.filter(({ agreement }) => agreement >= goal);
  if (good.length === 0)
    throw new Error(`${region.name}: polygons reach ${Math.max(...efforts.map((e) => e.agreement))}`);
  return good.reduce((best, effort) => (effort.seconds < best.seconds ? effort : best));
}

function withTolerance({ size, truth }: Region, goal: number, tolerancePx: number): Effort {
  const { mask, paint } = createLabelling(new Uint8Array(truth.length).fill(VOID), size);
  const rest = commonest(truth, truth.keys());
  const filled = () => mask.map((id) => (id === VOID ? rest : id));
  // Filling in the rest: a class and a key.
  let seconds = DECIDE_S + 2 * KEY_S;
  let clicks = 0;
  for (const { id, pixels } of objectsOf(truth, size)) {
    if (agreementOf(filled(), truth) >= goal) break;
    // What lies around the others needs a polygon only where it covers one of them again.
    if (id === rest && pixels.every((at) => mask[at] === VOID)) continue;
    const corners = simplify(outlineOf(pixels, size), tolerancePx);
    if (corners.length < 3) continue;
    paint(polygon(corners), id, { onlyUnlabelled: false });
    clicks += corners.length;
    seconds += DECIDE_S + KEY_S + corners.length * CLICK_S + KEY_S;
  }
  return { seconds, clicks, agreement: agreementOf(filled(), truth) };
}
