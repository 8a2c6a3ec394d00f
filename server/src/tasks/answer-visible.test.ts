import { describe, expect, it } from 'vitest';
import { answerVisible, stripDoctests } from './answer-visible.ts';

const f = (body: string) => `def f(x, y=0):\n${body.replaceAll(/^/gm, '    ')}\n`;
const question = { entry: 'f', call: "(3, 'ab')", output: "['ab', 'ab']" };

describe('answerVisible', () => {
  it('finds nothing in a program that only computes', () => {
    expect(answerVisible({ ...question, program: f('return [y] * (x - 1)') })).toBe(false);
  });

  it.each([
    ['a comment', "# f(3, 'ab') is what we want\nreturn x"],
    ['a comment, written otherwise', '# try f( 3,"ab" )\nreturn x'],
    ['a docstring', "'''Takes f(3, 'ab').'''\nreturn x"],
    ['the tuple in a comment', "# with (3, 'ab')\nreturn x"],
    ['live code', "return f(3, 'ab')"],
    ['the tuple in live code', "return x == (3, 'ab')"],
    ['a default', 'g = lambda a=(3, "ab"): a\nreturn g'],
  ])('finds the call in %s', (_, body) => {
    expect(answerVisible({ ...question, program: f(body) })).toBe('call');
  });

  it('takes another call of the entry for what it is', () => {
    expect(answerVisible({ ...question, program: f("return f(4, 'ab') if x else y") })).toBe(false);
  });

  it.each([
    ['a comment', "# gives ['ab', 'ab']\nreturn x"],
    ['a docstring, quoted otherwise', '"""Gives ["ab","ab"]."""\nreturn x'],
    ['an unused string', "x += 1\n\"['ab', 'ab']\"\nreturn x"],
  ])('finds the output in %s', (_, body) => {
    expect(answerVisible({ ...question, program: f(body) })).toBe('prose');
  });

  it("finds a string's text without its quotes", () => {
    const hello = { entry: 'f', call: '(1,)', output: "'hello you'" };
    expect(answerVisible({ ...hello, program: f('# says hello\n# or hello you\nreturn x') })).toBe('prose');
    expect(answerVisible({ ...hello, program: f('# says hello yours\nreturn x') })).toBe(false);
  });

  it('lets live code hold the output only where the call executes it', () => {
    const program = f("if x > 5:\n    return ['ab', 'ab']\nreturn [y, y]");
    expect(answerVisible({ ...question, program })).toBe('code');
    expect(answerVisible({ ...question, program, executedLines: [2, 4] })).toBe('code');
    expect(answerVisible({ ...question, program, executedLines: [2, 3] })).toBe(false);
  });

  it('takes a compound statement for its header alone', () => {
    const program = f("if y != ['ab', 'ab']:\n    x += 1\nreturn x");
    expect(answerVisible({ ...question, program, executedLines: [3] })).toBe('code');
    expect(answerVisible({ ...question, program, executedLines: [2] })).toBe(false);
  });

  it.each([
    ['12', 'short ones say nothing', '# 12\nreturn x'],
    ['1234', 'not as a part of a longer number', '# 12345 and 0.1234\nreturn x'],
    ['True', 'code is full of booleans', 'if x:\n    return True\nreturn False'],
  ])('does not find %s: %s', (output, _, body) => {
    expect(answerVisible({ entry: 'f', call: '(9,)', output, program: f(body) })).toBe(false);
  });

  it('finds an exception that prose names', () => {
    const raises = { entry: 'f', call: '(9,)', output: 'raise KeyError' };
    expect(answerVisible({ ...raises, program: f('"""Raises KeyError if missing."""\nreturn {}[x]') })).toBe(
      'prose',
    );
    expect(answerVisible({ ...raises, program: f('return {}[x]') })).toBe(false);
  });
});

describe('stripDoctests', () => {
  it('cuts examples and what leads to them, keeps prose, comments and code', () => {
    const program = `def f(x):
    """Doubles.

    For example:

    >>> f(2)
    4
    >>> f(
    ...   3)
    6

    Negative numbers too.
    """
    # twice
    return x * 2
`;
    expect(stripDoctests(program)).toBe(`def f(x):
    """Doubles.

    Negative numbers too.
    """
    # twice
    return x * 2
`);
  });

  it('takes away a docstring of nothing but examples, and keeps a body', () => {
    expect(stripDoctests('def f(x):\n    """\n    >>> f(1)\n    2\n    """\n    return x + 1\n')).toBe(
      'def f(x):\n    return x + 1\n',
    );
    expect(stripDoctests('def f(x):\n    """\n    >>> f(1)\n    """\n')).toBe('def f(x):\n    pass\n');
  });

  it('leaves other text as it is', () => {
    const program = 'def f(x):\n    """Says `>>>` to all."""\n    return ">>> f(1)"\n';
    expect(stripDoctests(program)).toBe(program);
  });
});
