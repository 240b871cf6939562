// Checks that every compute function makes on the specification that it is given.
import { invalid } from './errors.ts';
import { MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE_PX, type Size } from './images/images.ts';
import { NO_CLASS } from './labels/origins.ts';

/** @throws INVALID_ARGUMENT where the size is absent, empty, or more than an image may have */
export function checkSize(size: Size | undefined): Size {
  if (size === undefined) throw invalid('size: expected a height and a width, got none', { field: 'size' });
  const { height, width } = size;
  const sideIsLegal = (side: number) => Number.isInteger(side) && side >= 1 && side <= MAX_IMAGE_SIDE_PX;
  if (!sideIsLegal(height) || !sideIsLegal(width) || height * width > MAX_IMAGE_PIXELS) {
    throw invalid(
      `size: expected sides from 1 to ${MAX_IMAGE_SIDE_PX} and at most ${MAX_IMAGE_PIXELS} pixels, got ${height}x${width}`,
      { field: 'size' },
    );
  }
  return { height, width };
}

/** @throws INVALID_ARGUMENT where no mask could hold so many classes */
export function checkClassCount(classCount: number): number {
  if (!Number.isInteger(classCount) || classCount < 1 || classCount > NO_CLASS) {
    throw invalid(`class_count: expected a whole number from 1 to ${NO_CLASS}, got ${classCount}`, {
      field: 'class_count',
    });
  }
  return classCount;
}

/** One pass has nothing to disagree with. */
const PASSES_MIN = 2;
/** Far more than any map needs. */
const PASSES_MAX = 65_535;

/** @throws INVALID_ARGUMENT where the stochastic passes are too few to disagree */
export function checkPasses(passes: number): number {
  return checkWhole('passes', passes, PASSES_MIN, PASSES_MAX);
}

/** @throws INVALID_ARGUMENT where a field is not a whole number of its range */
export function checkWhole(field: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalid(`${field}: expected a whole number from ${min} to ${max}, got ${value}`, { field });
}

/** @throws INVALID_ARGUMENT where a field is not a number of its range; NaN is in none */
export function checkNumber(field: string, value: number, min: number, max: number): number {
  if (value >= min && value <= max) return value;
  throw invalid(`${field}: expected a number from ${min} to ${max}, got ${value}`, { field });
}

/**
 * @param values of the enumeration as it is generated, which knows a negative one for what it does not know
 * @param expected for people, as "hinge or cross-entropy"
 * @throws INVALID_ARGUMENT where a field holds a value that the enumeration does not name, or none where 0 names nothing
 */
export function checkEnum(
  field: string,
  value: number,
  { values, expected, least = 0 }: { values: Readonly<Record<string, number>>; expected: string; least?: 0 | 1 },
): void {
  if (value >= least && Object.values(values).includes(value)) return;
  throw invalid(`${field}: expected ${expected}, got ${value === 0 ? 'none' : value}`, { field });
}
