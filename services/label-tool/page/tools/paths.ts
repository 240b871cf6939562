// Tools whose shape is a path: clicks set points, a drag draws freely, Enter or a double click ends.
import { type Wires, wireTo } from '../geometry/live-wire.ts';
import { polygon } from '../geometry/polygon.ts';
import type { Point } from '../geometry/raster.ts';
import type { Tool, ToolContext } from './tool.ts';

/** A drag adds a point only when it is so far from the last one, in pixels. */
const FREEHAND_STEP_PX = 0.75;

/** Cuts superpixels along the path. */
export function lineTool(context: ToolContext): Tool {
  return pathTool(context, { closed: false, leastPoints: 2, done: (points) => context.cut(points) });
}

/** Fills the inside of the path. */
export function polygonTool(context: ToolContext): Tool {
  return pathTool(context, { closed: true, leastPoints: 3, done: (points) => fillInside(context, points) });
}

function fillInside(context: ToolContext, points: readonly Point[]): void {
  context.paint(polygon(points), context.classId());
  context.commit();
}

interface PathOptions {
  readonly closed: boolean;
  readonly leastPoints: number;
  done(points: readonly Point[]): void;
}

function pathTool(context: ToolContext, { closed, leastPoints, done }: PathOptions): Tool {
  let points: Point[] = [];
  let clicks = 0;
  let hovered: Point | undefined;
  let pressed: Point | undefined;
  let dragged = false;
  const clear = () => {
    const any = points.length > 0;
    points = [];
    clicks = 0;
    hovered = undefined;
    context.redraw();
    return any;
  };
  const tool: Tool = {
    down(at) {
      dragged = false;
      pressed = undefined;
      const atStart = points.length >= leastPoints && isNear(at, points[0]!, context.nearPx());
      const atEnd = points.length >= leastPoints && isNear(at, points.at(-1)!, context.nearPx());
      if ((closed && atStart) || atEnd) {
        tool.finish?.();
        return;
      }
      pressed = at;
      points.push(at);
      clicks++;
      context.redraw();
    },
    drag(path) {
      if (!pressed) return;
      for (const at of path) {
        // A hand that trembles in a click does not draw.
        if (!dragged && isNear(at, pressed, context.nearPx())) continue;
        if (isNear(at, points.at(-1)!, FREEHAND_STEP_PX)) continue;
        points.push(at);
        dragged = true;
      }
      context.redraw();
    },
    up() {
      // One drag is a whole shape; after clicks it is a part of one.
      if (dragged && clicks === 1) tool.finish?.();
    },
    hover(at) {
      hovered = at;
      if (points.length > 0) context.redraw();
    },
    finish() {
      if (points.length === 0) return false;
      const drawn = points;
      clear();
      if (drawn.length >= leastPoints) done(drawn);
      return true;
    },
    cancel: clear,
    back() {
      if (points.length === 0) return false;
      points.pop();
      clicks = Math.max(points.length > 0 ? 1 : 0, clicks - 1);
      context.redraw();
      return true;
    },
    preview: () =>
      points.length === 0
        ? undefined
        : { path: hovered ? [...points, hovered] : points, anchors: clicks > 1 || !dragged ? points : [], closed },
  };
  return tool;
}

/** The smart boundary: between two clicks the path follows the edges of the picture. */
export function wireTool(context: ToolContext): Tool {
  let anchors: Point[] = [];
  /** The way to each anchor from the one before it. */
  let ways: Point[][] = [];
  let wires: Wires | undefined;
  let hovered: Point | undefined;
  const clear = () => {
    const any = anchors.length > 0;
    anchors = [];
    ways = [];
    wires = undefined;
    hovered = undefined;
    context.redraw();
    return any;
  };
  const lookFrom = async (anchor: Point) => {
    wires = undefined;
    const found = await context.wiresFrom(anchor);
    // Meanwhile there may be another anchor, or none.
    if (anchors.at(-1) !== anchor) return;
    wires = found;
    context.redraw();
  };
  const wayTo = (at: Point) => (wires ? wireTo(wires, at) : [at]);
  const tool: Tool = {
    down(at) {
      if (
        anchors.length >= 2 &&
        (isNear(at, anchors[0]!, context.nearPx()) || isNear(at, anchors.at(-1)!, context.nearPx()))
      ) {
        tool.finish?.();
        return;
      }
      const way = anchors.length === 0 ? [at] : wayTo(at);
      const anchor = way.at(-1)!;
      ways.push(way);
      anchors.push(anchor);
      void lookFrom(anchor);
      context.redraw();
    },
    drag() {},
    up() {},
    hover(at) {
      hovered = at;
      if (anchors.length > 0) context.redraw();
    },
    finish() {
      if (anchors.length === 0) return false;
      const outline = [...ways.flat(), ...wayTo(anchors[0]!)];
      const enough = anchors.length >= 2;
      clear();
      if (enough) fillInside(context, outline);
      return true;
    },
    cancel: clear,
    back() {
      if (anchors.length === 0) return false;
      anchors.pop();
      ways.pop();
      const anchor = anchors.at(-1);
      if (anchor) void lookFrom(anchor);
      context.redraw();
      return true;
    },
    preview: () =>
      anchors.length === 0
        ? undefined
        : { path: hovered ? [...ways.flat(), ...wayTo(hovered)] : ways.flat(), anchors, closed: false },
  };
  return tool;
}

function isNear(a: Point, b: Point, distance: number): boolean {
  return Math.hypot(a.x - b.x, a.y - b.y) < distance;
}
