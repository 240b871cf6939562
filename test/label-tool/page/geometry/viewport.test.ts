import { describe, expect, it } from 'vitest';
import * as viewport from '../../../../services/label-tool/page/geometry/viewport.ts';

const SCREEN = { height: 400, width: 800 };
const PICTURE = { height: 1024, width: 2048 };

describe('the view', () => {
  it('fits a region into the middle of the screen', () => {
    const view = viewport.fitTo({ top: 100, left: 200, height: 50, width: 50 }, SCREEN);
    expect(viewport.toScreen(view, { x: 225, y: 125 })).toEqual({ x: 400, y: 200 });
    expect(view.scale * 50).toBeLessThan(400);
    expect(view.scale * 50).toBeGreaterThan(300);
  });

  it('zooms around the pointer', () => {
    const view = viewport.fitTo({ top: 0, left: 0, ...PICTURE }, SCREEN);
    const pointer = { x: 123, y: 45 };
    const under = viewport.toPicture(view, pointer);
    const closer = viewport.zoomAt(view, 3, pointer);
    expect(viewport.toScreen(closer, under).x).toBeCloseTo(pointer.x);
    expect(viewport.toScreen(closer, under).y).toBeCloseTo(pointer.y);
  });

  it('zooms no farther than single pixels, and not until nothing is left', () => {
    const view = { scale: 1, x: 0, y: 0 };
    expect(viewport.zoomAt(view, 1e9, { x: 0, y: 0 }).scale).toBe(viewport.LARGEST_SCALE);
    expect(viewport.zoomAt(view, 1e-9, { x: 0, y: 0 }).scale).toBe(viewport.SMALLEST_SCALE);
  });

  it('cannot lose the picture', () => {
    const lost = viewport.keepInSight({ scale: 0.5, x: -99_999, y: 99_999 }, PICTURE, SCREEN);
    expect(viewport.toScreen(lost, { x: 2048, y: 0 })).toEqual({ x: 64, y: 336 });
  });

  it('moves just so far that the cursor is seen', () => {
    const view = { scale: 2, x: 0, y: 0 };
    expect(viewport.reveal(view, { x: 200, y: 100 }, SCREEN)).toEqual(view);
    const moved = viewport.reveal(view, { x: 600, y: 100 }, SCREEN);
    expect(viewport.toScreen(moved, { x: 600, y: 100 })).toEqual({ x: 776, y: 200 });
  });
});
