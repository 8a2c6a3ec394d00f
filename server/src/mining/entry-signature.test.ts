import { describe, expect, it } from 'vitest';
import { parameters, takesCount } from './entry-signature.ts';

const program = (list: string) => `def g(z): pass\n\ndef f(${list}):\n    return 1\n`;

describe('parameters', () => {
  it('tells how each can be given', () => {
    expect(
      parameters(program('a, b: int, c=1, d: str = "x", /, e=[], *more: int, k, l=2, **rest'), 'f'),
    ).toEqual({
      positional: [
        { name: 'a', default: null, hint: null },
        { name: 'b', default: null, hint: 'int' },
        { name: 'c', default: '1', hint: null },
        { name: 'd', default: '"x"', hint: 'str' },
        { name: 'e', default: '[]', hint: null },
      ],
      variadic: 'more',
      keywordOnly: [
        { name: 'k', default: null, hint: null },
        { name: 'l', default: '2', hint: null },
      ],
      variadicKeywords: true,
    });
  });

  it('takes a bare star as the end of what goes by position', () => {
    const found = parameters(program('a, *, b=1'), 'f');
    expect(found?.variadic).toBeNull();
    expect(found?.keywordOnly).toEqual([{ name: 'b', default: '1', hint: null }]);
  });

  it('takes the last definition, a decorated one too, and nothing else', () => {
    expect(parameters('def f(a): pass\n@cache\ndef f(b): pass\n', 'f')?.positional).toEqual([
      { name: 'b', default: null, hint: null },
    ]);
    expect(parameters('f = lambda a: a\nclass f: pass\ndef h():\n    def f(x): pass\n', 'f')).toBeUndefined();
  });
});

describe('takesCount', () => {
  it.each([
    ['a, b=1', [1, 2]],
    ['*a', [0, 1, 2, 3]],
    ['a, *b', [1, 2, 3]],
    ['a, *, b', []],
    ['a, *, b=1, **c', [1]],
  ])('(%s) takes %j', (list, expected) => {
    const found = parameters(program(list), 'f');
    if (found === undefined) throw new Error('No parameters.');
    expect([0, 1, 2, 3].filter((count) => takesCount(found, count))).toEqual(expected);
  });
});
