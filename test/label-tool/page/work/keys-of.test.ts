import { describe, expect, it } from 'vitest';
import { keysOf } from '../../../../services/label-tool/page/ui/keys-of.ts';
import { classKey } from '../../../../services/label-tool/page/ui/names.ts';

const press = (key: string, code: string, ...held: ('ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey')[]) =>
  keysOf({
    key,
    code,
    ctrlKey: held.includes('ctrlKey'),
    shiftKey: held.includes('shiftKey'),
    altKey: held.includes('altKey'),
    metaKey: held.includes('metaKey'),
  });

describe('keys', () => {
  it('are named as the help writes them', () => {
    expect(press('s', 'KeyS')).toBe('S');
    expect(press('L', 'KeyL', 'shiftKey')).toBe('Shift+L');
    expect(press('z', 'KeyZ', 'ctrlKey')).toBe('Ctrl+Z');
    expect(press('Z', 'KeyZ', 'metaKey', 'shiftKey')).toBe('Ctrl+Shift+Z');
    expect(press('ArrowLeft', 'ArrowLeft', 'altKey')).toBe('Alt+Left');
    expect(press(' ', 'Space')).toBe('Space');
  });

  it('say Shift only where the sign does not', () => {
    expect(press('?', 'Slash', 'shiftKey')).toBe('?');
    expect(press('[', 'BracketLeft')).toBe('[');
  });

  it('of digits are those of the row, whatever Shift makes of them', () => {
    expect(press('!', 'Digit1', 'shiftKey')).toBe('Shift+1');
    expect(press('1', 'Digit1')).toBe('1');
  });

  it('choose the first ten classes by a digit, the next ten with Shift, and no more', () => {
    expect([0, 8, 9, 10, 19, 20].map(classKey)).toEqual(['1', '9', '0', 'Shift+1', 'Shift+0', undefined]);
  });
});
