import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerBehind, isBlank, turnCode, turnEnds } from './tool-turn.ts';

/** The text up to where it is run, character by character as it comes. */
function upToEnd(text: string): string | undefined {
  for (let length = 1; length <= text.length; length += 1)
    if (turnEnds(text.slice(0, length))) return text.slice(0, length);
  return undefined;
}

describe('what a model writes behind a prompt mark', () => {
  it.each([
    ['a line', ' f(2)\n4\n', ' f(2)\n', 'f(2)\n'],
    ['a line without a space', 'f(2)\n', 'f(2)\n', 'f(2)\n'],
    ['a line with more space, which is no Python', '  f(2)\n', '  f(2)\n', ' f(2)\n'],
    ['an empty line', '\n', '\n', '\n'],
    [
      'a block',
      ' def g(x):\n...     return x\n...\n>>> g(1)\n',
      ' def g(x):\n...     return x\n...\n',
      'def g(x):\n    return x\n',
    ],
    [
      'a block that the next prompt ends',
      ' def g(x):\n...     return x\n>>> g(1)\n',
      ' def g(x):\n...     return x\n>',
      'def g(x):\n    return x\n',
    ],
    ['a block with an empty line', ' if x:\n...     y\n\n', ' if x:\n...     y\n\n', 'if x:\n    y\n'],
    ['a block without a body', ' def g(x):\n>>>', ' def g(x):\n>', 'def g(x):\n'],
    [
      'a decorated function',
      ' @cache\n... def g():\n...     return 1\n...\n',
      ' @cache\n... def g():\n...     return 1\n...\n',
      '@cache\ndef g():\n    return 1\n',
    ],
    ['a block on one line', ' for n in x: print(n)\n', ' for n in x: print(n)\n', 'for n in x: print(n)\n'],
    ['a comment with a colon', ' # Tried so far:\n', ' # Tried so far:\n', '# Tried so far:\n'],
    [
      'a block with a comment behind its colon',
      ' if x:  # why\n...     y\n...\n',
      ' if x:  # why\n...     y\n...\n',
      'if x:  # why\n    y\n',
    ],
    [
      'lines that look like a prompt in a block',
      ' if x:\n... >>> arguments = (1)\n...\n',
      ' if x:\n... >>> arguments = (1)\n...\n',
      'if x:\n>>> arguments = (1)\n',
    ],
  ])('is run at its end: %s', (_, text, run, code) => {
    expect(upToEnd(text)).toBe(run);
    expect(turnCode(run)).toBe(code);
  });

  it.each([
    '',
    ' ',
    ' f(2)',
    ' def g(x):',
    ' def g(x):\n',
    ' def g(x):\n..',
    ' def g(x):\n...     return x\n',
    ' if x:\n...     y\n...',
  ])('is not at its end: %j', (text) => expect(turnEnds(text)).toBe(false));

  it('stays at its end, whatever comes behind, and its code is the same then', () => {
    const line = fc.constantFrom(
      ' f(1)',
      ' def g(x):',
      '...     return x',
      '...',
      '>>> f(1)',
      '',
      '# a:',
      '.',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.string(), (lines, more) => {
        const text = lines.join('\n');
        const run = upToEnd(text);
        if (run === undefined) return;
        expect(turnEnds(text + more)).toBe(true);
        // What was begun of a line is no part of it.
        if (run.endsWith('\n')) expect(turnCode(run)).toBe(turnCode(`${run}>>> ${more}`));
      }),
    );
  });
});

describe('an answer', () => {
  it('is what stands behind its opening at the beginning, and nowhere else', () => {
    expect(answerBehind('arguments = (', ' arguments = (1)\n')).toBe('1)\n');
    expect(answerBehind('arguments = (', 'arguments = (1)\n')).toBe('1)\n');
    expect(answerBehind('arguments = (', '  arguments = (1)\n')).toBeUndefined();
    expect(answerBehind('arguments = (', ' print(1)\n>>> arguments = (1)\n')).toBeUndefined();
    expect(answerBehind('arguments = (', ' arguments')).toBeUndefined();
  });
});

it('comments and white space alone are nothing to run', () => {
  expect(['\n', '# a\n', '  # a\n\n'].every(isBlank)).toBe(true);
  expect(['x\n', '# a\nx\n', '#a\n"""#"""\n'].some(isBlank)).toBe(false);
});
