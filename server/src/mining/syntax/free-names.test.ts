import { describe, expect, it } from 'vitest';
import { parsePython } from '../python-parser.ts';
import { freeNames } from './free-names.ts';

/** The free names of the first statement, as `path` with a mark: `!` now, `~` later, `:` hint. */
function free(source: string): string[] {
  const tree = parsePython(source);
  expect(tree.errorAt).toBeNull();
  const [statement] = tree.root.children;
  if (statement === undefined) throw new Error('No statement.');
  const marks = { now: '!', later: '~', hint: ':' };
  return [
    ...new Set(freeNames(tree, statement).uses.map(({ path, when }) => `${path}${marks[when]}`)),
  ].sort();
}

describe('freeNames', () => {
  it.each([
    ['parameters are bound', 'def f(a, b=1, *c, d, **e):\n    return a, b, c, d, e, g', ['g~']],
    [
      'so are typed ones',
      'def f(a: int, *b: str, c: list = []):\n    return a, b, c',
      ['int:', 'list:', 'str:'],
    ],
    ['a local is bound in all of the function', 'def f():\n    print(x)\n    x = 1', ['print~']],
    ['targets of every kind bind', 'def f(s):\n    (a, [b, *c]), s.d, s[e] = s\n    return a, b, c', ['e~']],
    [
      'for, with, except, import, walrus and del bind',
      `def f(v):
    for i, j in v: pass
    with v as w, v() as (x, y): pass
    try: pass
    except ValueError as e: del e
    import os.path, re as r
    from m import n as o
    if (z := 1): pass
    return i, j, w, x, y, os, r, o, z, n`,
      ['ValueError~', 'n~'],
    ],
    [
      'a comprehension has a scope of its own',
      'def f(v):\n    return [a for a in v if b] + [a]',
      ['a~', 'b~'],
    ],
    ['the first iterable belongs to the scope around', 'class A:\n    v = 1\n    w = [v for x in v]', ['v!']],
    [
      'a walrus in a comprehension binds outside of it',
      'def f(v):\n    [y := x for x in v]\n    return y',
      [],
    ],
    ['lambda parameters are bound', 'g = lambda a, b=c: a + b + d', ['c!', 'd~', 'g!']],
    [
      'functions do not see the names of their class',
      'class A:\n    x = 1\n    y = x\n    def f(self):\n        return x',
      ['x~'],
    ],
    [
      'nested functions see outer locals',
      'def f(a):\n    def g():\n        return a, h\n    return g',
      ['h~'],
    ],
    [
      'nonlocal and global',
      'def f():\n    n = 1\n    def g():\n        nonlocal n\n        global m\n        n = m = 2\n    return m',
      ['m~'],
    ],
    [
      'global undoes an outer local',
      'def f():\n    m = 1\n    def g():\n        global m\n        return m',
      ['m~'],
    ],
    [
      'defaults, decorators and bases run at once',
      '@d(x)\nclass A(B, metaclass=C):\n    def f(self, a=e): pass',
      ['B!', 'C!', 'd!', 'e!', 'x!'],
    ],
    [
      'attributes are part of the path',
      'def f():\n    return os.path.join(a().b, c[0].d)',
      ['a~', 'c~', 'os.path.join~'],
    ],
    [
      'an attribute asked for by its name is part of it, too',
      "def f(x):\n    return hasattr(sys, 'maxint') and getattr(os, 'sep', g(y)) or hasattr(z, x)",
      ['getattr~', 'g~', 'hasattr~', 'os.sep~', 'sys.maxint~', 'y~', 'z~'],
    ],
    ['names of keyword arguments and attributes are none', 'def f(x):\n    return x.a(key=x)', []],
    ['f-strings hold expressions', "def f(x):\n    return f'{x:>{width}} {y!r}'", ['width~', 'y~']],
    [
      'match captures',
      'def f(v):\n    match v:\n        case [a, *b] | {"k": a, **b}: return a, b\n        case P(x=c) as d if E.F: return c, d\n        case M.N: return _',
      ['E.F~', 'M.N~', 'P~', '_~'],
    ],
    ['type parameters are bound', 'def f[T: Bound](x: T) -> T:\n    return x', []],
    [
      'hints are told apart',
      'def f(x: "A", y: m.B[C]) -> D:\n    z: E = 1\n    return z',
      ['C:', 'D:', 'E:', 'm.B:'],
    ],
  ])('%s', (_, source, expected) => {
    expect(free(source)).toEqual(expected);
  });

  it('knows what inner scopes bind, and where imports stand inside', () => {
    const tree = parsePython('def f(a):\n    import re\n    return [b for b in a]\n');
    const [statement] = tree.root.children;
    const found = statement && freeNames(tree, statement);
    expect(found && [...found.inner].sort()).toEqual(['a', 'b', 're']);
    expect(found?.innerImports).toHaveLength(1);
  });
});
