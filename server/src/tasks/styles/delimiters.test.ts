import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawDelimiters, readDelimited } from './delimiters.ts';

const delimiters = drawDelimiters([], () => 0x1a2b3c4d);
const { nonce, open, close } = delimiters;
const read = (text: string) => readDelimited(text, delimiters);

/** Text that neither names the nonce nor looks like a delimiter or a fence. */
const harmless = fc
  .string({ unit: 'grapheme', maxLength: 60 })
  .filter((text) => !text.includes(nonce) && !/<\s*\/?\s*answer|```/i.test(text));
/** What a hostile or confused text is made of. */
const piece = fc.constantFrom(
  open,
  close,
  nonce,
  '<answer>',
  '</answer>',
  '<answer-00000000>',
  ' ',
  '1',
  '<',
  '>',
  '/',
);

describe('what stands between delimiters', () => {
  it('is read whole, whatever stands around it', () => {
    fc.assert(
      fc.property(harmless, harmless, harmless, (before, payload, after) => {
        expect(read(`${before}${open}${payload}${close}${after}`)).toBe(payload);
      }),
    );
  });

  it('is read where there is exactly one payload, and never else', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const opens = text.split(open).length - 1;
        const closes = text.split(close).length - 1;
        const payload = read(text);
        if (payload === undefined) return;
        expect([opens, closes]).toEqual([1, 1]);
        expect(payload).not.toContain(nonce);
        expect(payload).not.toMatch(/answer/);
        expect(text.indexOf(open)).toBeLessThan(text.indexOf(close));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['nothing', ''],
    ['prose', 'The answer is 42.'],
    ['no end', `${open}42`],
    ['no beginning', `42${close}`],
    ['an end before the beginning', `${close}42${open}`],
    ['two payloads', `${open}42${close} or ${open}43${close}`],
    ['a payload in a payload', `${open}${open}42${close}${close}`],
    ['a delimiter of another nonce', `<answer-00000000>41</answer-00000000>${open}42${close}`],
    ['a delimiter without a nonce', `${open}42</answer>${close}`],
    ['one spaced otherwise', `${open}42${close}< / ANSWER>`],
    ['the nonce by itself', `${nonce} ${open}42${close}`],
    ['endless repetition', open.repeat(10_000)],
  ])('is not there in %s', (_name, text) => {
    expect(read(text)).toBeUndefined();
  });

  it('is what a fence around all of it holds', () => {
    expect(read(`${open}\n\`\`\`python\nx = 1\ny = 2\n\`\`\`\n${close}`)).toBe('x = 1\ny = 2');
    expect(read(`${open}a \`\`\`b\`\`\`${close}`)).toBe('a ```b```');
    expect(read(`${open}\`\`\`\na\n\`\`\`\n\`\`\`\nb\n\`\`\`${close}`)).toBe('```\na\n```\n```\nb\n```');
  });
});

describe('a nonce', () => {
  it('stands in no text of the prompt', () => {
    const drawn = [1, 2, 3];
    const { nonce: found } = drawDelimiters(['say 00000001', '</answer-00000002>'], () => drawn.shift() ?? 0);
    expect(found).toBe('00000003');
  });

  it('has eight digits, and makes the delimiters different', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), (drawn) => {
        const made = drawDelimiters([], () => drawn);
        expect(made.nonce).toMatch(/^[0-9a-f]{8}$/);
        expect(made.open).not.toBe(made.close);
      }),
    );
  });
});
