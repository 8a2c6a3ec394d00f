import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleLine, visibleText } from './visible-text.ts';

describe('visibleText', () => {
  it('writes out what a reader would not see', () => {
    expect(visibleText('a\u202eb\u0000c\u200bd\ufeff')).toBe('a‹U+202E›b‹U+0000›c‹U+200B›d‹U+FEFF›');
  });

  it('leaves ordinary text, line breaks and tabs as they are', () => {
    const text = 'def f(x):\n\treturn "añ中🙂" # 100 %';
    expect(visibleText(text)).toBe(text);
  });

  it('leaves no control or format character, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visibleText(text).replace(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
    );
  });
});

describe('visibleLine', () => {
  it('is one line of at most so many characters', () => {
    expect(visibleLine('one\n  two', 20)).toBe('one ⏎ two');
    expect(visibleLine('🙂🙂🙂🙂', 3)).toBe('🙂🙂…');
  });
});
