import { describe, expect, test } from 'vitest';
import { parseClassJson, parseClassText } from '../../../services/shared/datasets/class-file.ts';
import { defaultColor } from '../../../services/shared/datasets/class-map.ts';

const ROAD_AND_CAR = {
  classes: [
    { name: 'road', color: '#804080' },
    { name: 'small car', color: '#00008e' },
  ],
};

describe('a class file of lines', () => {
  test('holds a name a line, spaces inside, a colour after it', () => {
    expect(parseClassText('road #804080\nsmall car\t#00008E\n')).toEqual(ROAD_AND_CAR);
  });

  test('may come from another system', () => {
    expect(parseClassText('\uFEFFroad #804080\r\nsmall car #00008e\r\n\r\n')).toEqual(ROAD_AND_CAR);
  });

  test('keeps a name that holds what other languages end lines with', () => {
    expect(parseClassText('a\u2028b #804080').classes).toEqual([{ name: 'a\u2028b', color: '#804080' }]);
  });

  test('gives a colour to a class that has none', () => {
    expect(parseClassText('road').classes).toEqual([{ name: 'road', color: defaultColor(0) }]);
  });

  test.each([
    ['', 'line 1: expected a name of 1 to 100 characters, got ""'],
    ['road\n\ncar', 'line 2: expected a name of 1 to 100 characters, got ""'],
    ['road\ncar\nroad', 'line 3: expected a name of its own, got "road" again'],
    ['road #12345', 'line 1: expected a colour #rrggbb, got "#12345"'],
    ['road #red', 'line 1: expected a colour #rrggbb, got "#red"'],
    ['x'.repeat(101), `line 1: expected a name of 1 to 100 characters, got "${'x'.repeat(101)}"`],
    [Array.from({ length: 256 }, (_, i) => `class ${i}`).join('\n'), 'expected 1 to 255 classes, got 256'],
  ])('%j is refused', (text, sentence) => {
    expect(() => parseClassText(text)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: sentence }),
    );
  });
});

describe('a class file of JSON', () => {
  test.each([
    ['objects', '[{"name":"road","color":"#804080"},{"name":"small car","color":"#00008e"}]'],
    ['objects under "classes"', `{"classes":${JSON.stringify(ROAD_AND_CAR.classes)}}`],
  ])('may be a list of %s', (_, text) => {
    expect(parseClassJson(text)).toEqual(ROAD_AND_CAR);
  });

  test('may be a list of names', () => {
    expect(parseClassJson('["road","car"]').classes.map(({ name }) => name)).toEqual(['road', 'car']);
  });

  test.each([
    ['{', /^expected JSON, got .+/],
    ['{"names":[]}', 'expected a list of classes, got none'],
    ['null', 'expected a list of classes, got none'],
    ['[]', 'expected 1 to 255 classes, got 0'],
    ['["road",3]', 'entry 2: expected a name of 1 to 100 characters, got 3'],
    ['[{"color":"#000000"}]', /^entry 1: expected a name/],
    ['[{"name":"road","color":5}]', 'entry 1: expected a colour #rrggbb, got 5'],
  ])('%s is refused', (text, sentence) => {
    expect(() => parseClassJson(text)).toThrow(sentence);
  });
});

test('the colours of classes that come without differ and are colours', () => {
  const colors = Array.from({ length: 40 }, (_, id) => defaultColor(id));
  expect(new Set(colors).size).toBe(40);
  for (const color of colors) expect(color).toMatch(/^#[0-9a-f]{6}$/);
});
