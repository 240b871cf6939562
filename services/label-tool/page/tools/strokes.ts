// Tools of one press: superpixels, brush, eraser, fill and eyedropper.
import { IGNORED, UNLABELLED } from '../../api-types.ts';
import { capsule } from '../geometry/capsule.ts';
import { floodFill } from '../geometry/flood-fill.ts';
import { visitSegment } from '../geometry/polyline.ts';
import type { Point, Size } from '../geometry/raster.ts';
import type { Tool, ToolContext } from './tool.ts';

/** Labels the superpixel under the pointer, and each that it is drawn across. */
export function superpixelTool(context: ToolContext): Tool {
  const { size } = context.labelling;
  let last: Point | undefined;
  let taken = new Set<number>();
  const take = (x: number, y: number) => {
    const segments = context.labelling.segments();
    if (!segments || !isInside({ x, y }, size)) return;
    const id = segments.ids[y * size.width + x]!;
    if (taken.has(id)) return;
    taken.add(id);
    context.paint(floodFill(segments.ids, size, { x, y }), context.classId());
  };
  return {
    down(at) {
      taken = new Set();
      last = at;
      take(Math.floor(at.x), Math.floor(at.y));
    },
    drag(path) {
      for (const at of path) {
        if (last) visitSegment(last, at, take);
        last = at;
      }
    },
    up() {
      last = undefined;
      context.commit();
    },
  };
}

/** @param id the class to paint with; UNLABELLED makes an eraser */
export function brushTool(context: ToolContext, id: () => number): Tool {
  let last: Point | undefined;
  return {
    down(at) {
      last = at;
      context.paint(capsule(at, at, context.brushPx()), id());
    },
    drag(path) {
      for (const at of path) {
        context.paint(capsule(last ?? at, at, context.brushPx()), id());
        last = at;
      }
    },
    up() {
      last = undefined;
      context.commit();
    },
  };
}

/** Labels all that hangs together with the pixel and has the same label, or none. */
export function fillTool(context: ToolContext): Tool {
  const { labelling } = context;
  return {
    down(at) {
      context.paint(floodFill(labelling.mask, labelling.size, at), context.classId());
    },
    drag() {},
    up: () => context.commit(),
  };
}

/** Takes the class of the pixel: of the mask, else of what is known of it otherwise. */
export function pickTool(context: ToolContext): Tool {
  const { mask, size } = context.labelling;
  const pick = (at: Point) => {
    const own = isInside(at, size) ? mask[Math.floor(at.y) * size.width + Math.floor(at.x)]! : UNLABELLED;
    const id = own === UNLABELLED ? context.knownClass(at) : own;
    if (id !== undefined && (id < IGNORED || id === own)) context.pick(id);
  };
  return {
    down: pick,
    drag: (path) => pick(path.at(-1)!),
    up() {},
  };
}

/** Moves the picture, which the stage does by itself. */
export function handTool(): Tool {
  return { down() {}, drag() {}, up() {} };
}

function isInside({ x, y }: Point, { height, width }: Size): boolean {
  return x >= 0 && y >= 0 && x < width && y < height;
}
