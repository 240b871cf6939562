import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capsule } from '../../../../services/label-tool/page/geometry/capsule.ts';
import type { Shape } from '../../../../services/label-tool/page/geometry/raster.ts';
import { createLabelling, labelledShare, onlyClasses } from '../../../../services/label-tool/page/work/labelling.ts';

const SIZE = { height: 6, width: 8 };
const OVER = { onlyUnlabelled: false };
const fresh = () => createLabelling(new Uint8Array(48).fill(255), SIZE);
const row =
  (y: number, left = 0, right = 8): Shape =>
  (visit) =>
    visit(y, left, right);

/** Any brush stroke, also far outside. */
const strokes = fc.record({
  x: fc.integer({ min: -5, max: 12 }),
  y: fc.integer({ min: -5, max: 10 }),
  dx: fc.integer({ min: -9, max: 9 }),
  dy: fc.integer({ min: -9, max: 9 }),
  px: fc.integer({ min: 1, max: 6 }),
  id: fc.integer({ min: 0, max: 3 }),
  onlyUnlabelled: fc.boolean(),
});

describe('a labelling', () => {
  it('is clipped to its window', () => {
    const labelling = fresh();
    expect(labelling.paint(row(2, -5, 3), 1, OVER)).toEqual({ top: 2, left: 0, height: 1, width: 3 });
    labelling.paint(row(-1), 1, OVER);
    labelling.paint(row(6), 1, OVER);
    labelling.commit();
    expect(labelling.counts[1]).toBe(3);
    expect(labelling.mask).toHaveLength(48);
  });

  it('undoes to the beginning and redoes to the end, exactly, whatever was drawn', () => {
    fc.assert(
      fc.property(fc.array(strokes, { maxLength: 20 }), (drawn) => {
        const labelling = fresh();
        const states = [labelling.mask.slice()];
        for (const { x, y, dx, dy, px, id, onlyUnlabelled } of drawn) {
          labelling.paint(capsule({ x, y }, { x: x + dx, y: y + dy }, px), id, { onlyUnlabelled });
          if (labelling.commit()) states.push(labelling.mask.slice());
        }
        for (let i = states.length - 2; i >= 0; i--) {
          labelling.undo();
          expect(labelling.mask).toEqual(states[i]);
        }
        expect(labelling.canUndo()).toBe(false);
        for (const state of states.slice(1)) {
          labelling.redo();
          expect(labelling.mask).toEqual(state);
        }
        expect(labelling.canRedo()).toBe(false);
        expect([...labelling.counts]).toEqual(countsOf(labelling.mask));
      }),
    );
  });

  it('forgets what was undone once something else is drawn', () => {
    const labelling = fresh();
    labelling.paint(row(0), 1, OVER);
    labelling.commit();
    labelling.undo();
    labelling.paint(row(1), 2, OVER);
    labelling.commit();
    expect(labelling.redo()).toBeUndefined();
  });

  it('makes no step of a stroke that changed nothing', () => {
    const labelling = fresh();
    labelling.paint(row(0), 255, OVER);
    expect(labelling.commit()).toBe(false);
    expect(labelling.canUndo()).toBe(false);
  });

  it('leaves labels alone where only unlabelled pixels are to be painted', () => {
    const labelling = fresh();
    labelling.paint(row(0, 0, 4), 1, OVER);
    labelling.paint(row(0), 2, { onlyUnlabelled: true });
    expect([...labelling.mask.subarray(0, 8)]).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
  });

  it('takes a prediction only where nothing is labelled, and only for classes that it knows', () => {
    const labelling = fresh();
    labelling.paint(row(0), 1, OVER);
    labelling.commit();
    const prediction = new Uint8Array(48).fill(2);
    prediction[47] = 9;
    labelling.fillFrom(onlyClasses(prediction, new Set([1, 2])));
    labelling.commit();
    expect({ ones: labelling.counts[1], twos: labelling.counts[2], left: labelling.counts[255] }).toEqual({
      ones: 8,
      twos: 39,
      left: 1,
    });
    labelling.undo();
    expect(labelling.counts[255]).toBe(40);
  });

  it('takes back a stroke that is given up', () => {
    const labelling = fresh();
    labelling.paint(row(0), 1, OVER);
    labelling.commit();
    labelling.paint(row(0, 2, 6), 2, OVER);
    labelling.revert();
    expect([...labelling.mask.subarray(0, 8)]).toEqual(new Array(8).fill(1));
    expect(labelling.commit()).toBe(false);
  });

  it('keeps cuts through another size of superpixels, and undoes them', () => {
    const labelling = fresh();
    expect(
      labelling.cut([
        { x: 0, y: 2.5 },
        { x: 8, y: 2.5 },
      ]),
    ).toBe(false);
    labelling.setSegments({ ids: new Int32Array(48), count: 1 });
    expect(
      labelling.cut([
        { x: 0, y: 2.5 },
        { x: 8, y: 2.5 },
      ]),
    ).toBe(true);
    labelling.setSegments({ ids: Int32Array.from({ length: 48 }, (_, i) => (i % 8 < 4 ? 0 : 1)), count: 2 });
    expect(labelling.segments()?.count).toBe(4);
    labelling.undo();
    expect(labelling.segments()?.count).toBe(2);
    labelling.redo();
    expect(labelling.segments()?.count).toBe(4);
  });

  it('puts another mask over its own as a step like any other', () => {
    const labelling = fresh();
    labelling.paint(row(0), 1, OVER);
    labelling.commit();
    labelling.replace(new Uint8Array(48).fill(3));
    expect(labelling.counts[3]).toBe(48);
    labelling.undo();
    expect(labelling.counts[1]).toBe(8);
  });

  it('is complete only when no pixel is left', () => {
    const labelling = createLabelling(new Uint8Array(48_000), { height: 48, width: 1000 });
    expect(labelledShare(labelling)).toBe(1);
    labelling.paint(row(0, 0, 1), 255, OVER);
    labelling.commit();
    expect(labelledShare(labelling)).toBeLessThan(1);
  });
});

function countsOf(mask: Uint8Array): number[] {
  return Array.from({ length: 256 }, (_, id) => mask.filter((value) => value === id).length);
}
