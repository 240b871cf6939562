// What a flag's text means. Each reader answers with the value or one line: the flag, what was expected, what arrived.
import type { ImageSize } from '../../proto/gen/cpral/v1/resources.ts';
import { type CpralError, invalid } from '../shared/errors.ts';

const UINT32_MAX = 0xffff_ffff;
/** Longest text of a flag that an error repeats. */
const QUOTED_CHARACTERS = 80;
/** A region larger than this is larger than any image that the system takes. */
const MAX_SIDE_PX = 16_384;

export type Reader<T> = (text: string) => T;

export function wholeNumber(flag: string, range: { min: number; max?: number }): Reader<number> {
  const { min, max = UINT32_MAX } = range;
  const expected = max === UINT32_MAX ? `a whole number of at least ${min}` : `a whole number from ${min} to ${max}`;
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) throw wrong(flag, expected, text);
    return value;
  };
}

/** A number above zero, as budgets are counted: half an image is a budget too. */
export function positiveNumber(flag: string): Reader<number> {
  return (text) => {
    const value = decimal(text);
    if (!(value > 0 && Number.isFinite(value))) throw wrong(flag, 'a number above 0', text);
    return value;
  };
}

export function share(flag: string): Reader<number> {
  return (text) => {
    const value = decimal(text);
    if (!(value >= 0 && value <= 1)) throw wrong(flag, 'a share from 0 to 1', text);
    return value;
  };
}

/** A window needs a centre, so its side is odd. */
export function oddSide(flag: string): Reader<number> {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : 0;
    if (value % 2 !== 1 || value > MAX_SIDE_PX) {
      throw wrong(flag, 'an odd number of pixels', text);
    }
    return value;
  };
}

export function imageSize(flag: string): Reader<ImageSize> {
  return (text) => {
    const match = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(text);
    if (!match) throw wrong(flag, 'height x width in pixels, such as 180x240', text);
    return { height: Number(match[1]), width: Number(match[2]) };
  };
}

export function oneOf<const T extends string>(flag: string, choices: readonly T[]): Reader<T> {
  return (text) => {
    const choice = choices.find((each) => each === text);
    if (choice === undefined) throw wrong(flag, choices.join(', ').replace(/, ([^,]*)$/, ' or $1'), text);
    return choice;
  };
}

/** host:port; port 0 takes a free one where something listens. */
export function address(flag: string): Reader<string> {
  return (text) => {
    const match = /^(\[[0-9a-fA-F:]+\]|[^\s:/]+):(\d{1,5})$/.exec(text);
    if (!match || Number(match[2]) > 65_535) throw wrong(flag, 'host:port, such as 127.0.0.1:50051', text);
    return text;
  };
}

/** Where the page is served unless somebody says otherwise: at an address that can be remembered, or at a free one. */
export const DEFAULT_PAGE_LISTENS: readonly string[] = ['127.0.0.1:8080', '127.0.0.1:0'];

/** host:port, or none. */
export function pageListens(flag: string): Reader<readonly string[]> {
  const read = address(flag);
  return (text) => (text === 'none' ? [] : [read(text)]);
}

/** Pairs of images train the loss prediction, so a batch is even. */
export function evenNumber(flag: string): Reader<number> {
  const read = wholeNumber(flag, { min: 2 });
  return (text) => {
    const value = read(text);
    if (value % 2 !== 0) throw wrong(flag, 'an even number', text);
    return value;
  };
}

export function someText(flag: string, expected: string): Reader<string> {
  return (text) => {
    if (text.trim() === '') throw wrong(flag, expected, text);
    return text;
  };
}

function decimal(text: string): number {
  return /^(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

function wrong(flag: string, expected: string, text: string): CpralError {
  return invalid(`${flag}: expected ${expected}, got "${text.slice(0, QUOTED_CHARACTERS)}"`, { field: flag });
}
