import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slice } from '../../../../test/support/sliced.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { parsePython } from '../python-parser.ts';
import { freeNames } from '../syntax/free-names.ts';
import { unitsOf } from '../units.ts';
import { openWorkspace } from '../workspace.ts';
import { readModule } from './module.ts';
import { sliceProgram } from './program.ts';
import { builtinEffect } from './standard-library.ts';

const signal = new AbortController().signal;

describe('what a program takes from its own module', () => {
  it('is what the unit uses and nothing else, helpers before what uses them', async () => {
    const module = `import re, json
from itertools import chain, count as numbers

LIMIT = 10  # at most
OTHER = 11


def f(x):
    return helper(x)[:LIMIT]


def unused(x):
    return OTHER


# Spreads a value.
def helper(x):
    return list(chain(x, re.findall('a', x), numbers()))
`;
    expect(await slice(module)).toBe(`import re
from itertools import chain, count as numbers

LIMIT = 10  # at most


# Spreads a value.
def helper(x):
    return list(chain(x, re.findall('a', x), numbers()))


def f(x):
    return helper(x)[:LIMIT]
`);
  });

  it('holds classes with their bases and decorators', async () => {
    const program = await slice(`from dataclasses import dataclass
from functools import lru_cache, wraps
import enum

class Base: pass

@dataclass
class Point(Base):
    x: int

def twice(g):
    @wraps(g)
    def inner(*args):
        return g(g(*args))
    return inner

class Unused(enum.Enum): pass

@lru_cache(maxsize=None)
@twice
def f(x):
    return Point(x).x
`);
    expect(program).toContain('from dataclasses import dataclass\nfrom functools import lru_cache, wraps\n');
    expect(program.indexOf('class Base')).toBeLessThan(program.indexOf('class Point(Base)'));
    expect(program.indexOf('def twice')).toBeLessThan(program.indexOf('@twice'));
    expect(program).not.toContain('Unused');
    expect(
      program.trimEnd().endsWith('@lru_cache(maxsize=None)\n@twice\ndef f(x):\n    return Point(x).x'),
    ).toBe(true);
  });

  it('keeps what is computed at import in its order, with what changes it later', async () => {
    const program = await slice(`RULES = []
def rule(name):
    def add(g):
        RULES.append((name, g))
        return g
    return add
@rule('a')
def first(x): return x
TABLE = {'a': 1}
TABLE['b'] = 2
TABLE.update(c=3)
UNUSED = []
UNUSED.append(1)
for key in list(TABLE):
    TABLE[key.upper()] = 0
if __name__ == '__main__':
    TABLE.clear()
def f(x):
    return TABLE[x], [g for n, g in RULES]
`);
    const order = [
      'RULES = []',
      "@rule('a')",
      "TABLE = {'a'",
      "TABLE['b']",
      'TABLE.update',
      'for key',
      'def f(x)',
    ];
    const places = order.map((text) => program.indexOf(text));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(program).not.toContain('UNUSED');
    expect(program).not.toContain('__main__');
  });

  it('keeps what fills a class that others register with', async () => {
    const program = await slice(`class Registry:
    known = {}
    def find(self, name):
        return self.known[name]
def register(name):
    def add(g):
        Registry.known[name] = g(1)
        return g
    return add
@register('a')
def first(x): return x
class Plain:
    size = 3
def f(x):
    return Registry().find(x), Plain.size
`);
    expect(program).toContain("@register('a')\ndef first(x)");
  });

  it('keeps what its module deletes in the end', async () => {
    const module = 'class A:\n    x = 1\n\n\nclass B(A):\n    pass\n\n\ndef f(a): return B.x + a\n';
    expect(await slice(`${module}\n\ndel A\n`)).toBe(module);
  });

  it('is put in an order that runs where modules need each other in a circle', async () => {
    const program = await slice({
      'a.py': 'import b\ndef f(x): return b.B[x:]\n',
      'b.py': 'import c\nB = c.A + [1]\n',
      'c.py': 'import b\ndef g(): return b.B\nA = [g]\n',
    });
    const expected = 'def g(): return B\n\n\nA = [g]\nB = A + [1]\n\n\ndef f(x): return B[x:]\n';
    expect(program).toBe(expected);
  });

  it('reads a value at the moment at which its module does', async () => {
    const module = 'X = 1\nY = X + 1\nX = 10\n\n\ndef f(a): return a + X + Y\n';
    expect(await slice(module)).toBe(module);
    const list = await slice(
      'A = []\nA.append(lambda: late())\nA.append(2)\ndef late(): return 1\ndef f(x): return A[x]\n',
    );
    expect(list.indexOf('A.append(lambda')).toBeLessThan(list.indexOf('A.append(2)'));
  });

  it('keeps helpers that call one another, and puts what import needs before it', async () => {
    const program = await slice(`def even(n): return n == 0 or odd(n - 1)
TABLE = [even(n) for n in range(3)]
def odd(n): return n != 0 and even(n - 1)
def f(n): return even(n), TABLE
`);
    expect(program.indexOf('def odd')).toBeLessThan(program.indexOf('TABLE ='));
    expect(program.trimEnd().endsWith('def f(n): return even(n), TABLE')).toBe(true);
  });

  it('takes the last of several definitions, and a conditional one as a whole', async () => {
    expect(await slice('def g(): return 1\ndef g(): return 2\ndef f(x): return g()\n')).toBe(
      'def g(): return 2\n\n\ndef f(x): return g()\n',
    );
    const conditional = 'try:\n    from math import prod\nexcept ImportError:\n    prod = None\n';
    expect(await slice(`${conditional}def f(x): return prod(x)\n`)).toContain(conditional);
  });

  it('is not misled by locals, parameters and attributes that share a name', async () => {
    const module =
      'import random\ntime = 1\ndef open(x): return x\ndef f(time, random):\n    return [open(x.time) for x in random]\n';
    expect(await slice(module)).toBe(
      'def open(x): return x\n\n\ndef f(time, random):\n    return [open(x.time) for x in random]\n',
    );
  });
});

describe('type hints', () => {
  it('stay, with their imports and the type variables made of them', async () => {
    const program = await slice(`from typing import TypeVar, Sequence, Any
import collections.abc
T = TypeVar('T')
def f(x: Sequence[T], y: collections.abc.Mapping) -> T:
    return x[0]
`);
    expect(program).toBe(`import collections.abc
from typing import Sequence, TypeVar

T = TypeVar('T')


def f(x: Sequence[T], y: collections.abc.Mapping) -> T:
    return x[0]
`);
  });

  it('are not evaluated where they name what the program does not need', async () => {
    const program = await slice(`from typing import TYPE_CHECKING
import numpy as np
if TYPE_CHECKING:
    from .big import Big
class Local: pass
def f(x: np.ndarray, y: Big, z: Local) -> int:
    return 1
`);
    expect(program).toBe(
      'from __future__ import annotations\n\n\ndef f(x: np.ndarray, y: Big, z: Local) -> int:\n    return 1\n',
    );
  });
});

describe('what a program takes from other modules', () => {
  const files = (imports: string, body: string) => ({
    'pkg/__init__.py': 'from .core import helper as exported\nfrom .core import *\n',
    'pkg/m.py': `${imports}\ndef f(x):\n    return ${body}\n`,
    'pkg/core.py':
      'from math import pi\nBASE = 3\ndef helper(x): return x + BASE * pi\ndef _hidden(x): return x\n',
  });
  const helper =
    'from math import pi\n\nBASE = 3\n\n\ndef helper(x): return x + BASE * pi\n\n\ndef f(x):\n    return helper(x)\n';

  it.each([
    ['from .core import helper', 'helper(x)'],
    ['from .core import helper as h', 'h(x)'],
    ['from pkg.core import helper', 'helper(x)'],
    ['from . import core', 'core.helper(x)'],
    ['from . import core as c', 'c.helper(x)'],
    ['import pkg.core', 'pkg.core.helper(x)'],
    ['import pkg.core as c', 'c.helper(x)'],
    ['from pkg import exported', 'exported(x)'],
    ['from . import helper', 'helper(x)'],
    ['from .core import *', 'helper(x)'],
  ])('%s', async (imports, body) => {
    const { 'pkg/m.py': first, ...others } = files(imports, body);
    expect(await slice({ 'pkg/m.py': first, ...others })).toBe(helper);
  });

  it.each([
    ['a module as a value', 'from . import core', 'core', 'unknown-name: core: a module as a value'],
    ['a private name through a star', 'from .core import *', '_hidden(x)', 'unknown-name: _hidden'],
    ['a name that is not there', 'from .core import missing', 'missing(x)', 'unknown-name: missing'],
  ])('fails for %s', async (_, imports, body, loss) => {
    const { 'pkg/m.py': first, ...others } = files(imports, body);
    expect(await slice({ 'pkg/m.py': first, ...others })).toBe(loss);
  });

  it.each([
    [
      'two functions',
      { 'm.py': 'from core import helper as h\ndef helper(x): return h(x)\ndef f(x): return helper(x)\n' },
      'def core_helper(x): return x\n\n\ndef helper(x): return core_helper(x)\n\n\ndef f(x): return helper(x)\n',
    ],
    [
      'a local in the way',
      { 'm.py': 'from core import helper as h\ndef f(x): return [h(helper) for helper in x]\n' },
      'def core_helper(x): return x\n\n\ndef f(x): return [core_helper(helper) for helper in x]\n',
    ],
    [
      'constants, private ones too',
      { 'm.py': 'from core import sized\n_SIZE = 1\ndef f(x): return sized(x) + _SIZE\n' },
      '_core_SIZE = 3\n_core_SIZE += 1\n',
    ],
    [
      'imports',
      {
        'm.py':
          'from core import listed\nfrom typing import Iterable\ndef f(x: Iterable): return listed(x), Iterable\n',
      },
      'from collections.abc import Iterable as abc_Iterable\nfrom typing import Iterable\n\n\ndef listed(x): return isinstance(x, abc_Iterable)\n\n\ndef f(x: Iterable): return listed(x), Iterable\n',
    ],
    [
      'the unit itself, which keeps its name',
      { 'm.py': 'import core\ndef f(x): return core.f(x) + 1\n' },
      'def core_f(x): return x if x < 1 else core_f(x - 1)\n\n\ndef f(x): return core_f(x) + 1\n',
    ],
    [
      'classes whose name is not shown',
      { 'm.py': 'import core\nclass Box: pass\ndef f(x): return Box, core.Box(x).twin()\n' },
      'class core_Box:\n    def __init__(self, x): self.x = x\n    def twin(self): return core_Box(self.x)\n',
    ],
    [
      'a builtin, which keeps its name',
      { 'm.py': 'import core\ndef f(x): return core.all_of(x), all(x)\ndef all(x): return x\n' },
      'def m_all(x): return x\n',
    ],
  ])('gives other names where two are the same: %s', async (_, files, expected) => {
    const core = `from collections.abc import Iterable
_SIZE = 3
_SIZE += 1
def helper(x): return x
def sized(x): return x + _SIZE
def listed(x): return isinstance(x, Iterable)
def all_of(x): return all(x)
def f(x): return x if x < 1 else f(x - 1)
class Box:
    def __init__(self, x): self.x = x
    def twin(self): return Box(self.x)
`;
    expect(await slice({ ...files, 'core.py': core })).toContain(expected);
  });

  it.each([
    [
      'errors, whose type is the output',
      'class Error(Exception): pass\ndef f(x): return Error, core.Error\n',
      'name-clash: Error',
    ],
    [
      'names that are shown',
      'def named(x): return x\ndef f(x): return named, core.named, x.__name__\n',
      'name-clash: names that the program shows',
    ],
    [
      'a name bound on a condition',
      'if 1 < 2:\n    MODE = 1\ndef f(x): return MODE, core.MODE\n',
      'name-clash: MODE',
    ],
  ])('keeps names that must not change: %s', async (_, module, loss) => {
    const core = 'class Error(Exception): pass\ndef named(x): return x\nif 2 < 1:\n    MODE = 2\n';
    expect(await slice({ 'm.py': `import core\n${module}`, 'core.py': core })).toBe(loss);
  });

  it('has what a function imports of the workspace stand beside it', async () => {
    const program = await slice({
      'pkg/m.py':
        'def f(x):\n    """Says."""\n    from .core import helper, other as o\n    import re\n    return helper(o(x)), re\n',
      'pkg/core.py': 'def helper(x): return x\ndef other(x): return -x\n',
    });
    expect(program).toBe(
      'def helper(x): return x\n\n\ndef other(x): return -x\n\n\ndef f(x):\n    """Says."""\n    o = other\n    import re\n    return helper(o(x)), re\n',
    );
  });

  it.each([
    [
      'alone in its block',
      '    if x:\n        from core import helper\n    return helper(x)\n',
      '    if x:\n        pass\n    return helper(x)\n',
    ],
    ['first', '    from core import helper\n    return helper(x)\n', 'def f(x):\n    return helper(x)\n'],
    [
      'bound again',
      '    from core import helper\n    helper = helper(x)\n    return helper\n',
      'unknown-name: core.helper',
    ],
  ])('leaves such an import out: %s', async (_, body, expected) => {
    const files = { 'm.py': `def f(x):\n${body}`, 'core.py': 'def helper(x): return x\n' };
    expect(await slice(files)).toContain(expected);
  });

  it.each([
    [
      'win32',
      "if sys.platform == 'win32':\n    from winning import g\nelse:\n    from core import g",
      'def g(x): return x',
    ],
    [
      'not win',
      "if not_here != 1:\n    pass\nif os.name != 'nt':\n    from core import g",
      'def g(x): return x',
    ],
    [
      'a module that is not there',
      'from contextlib import suppress\nfrom core import g\nwith suppress(ImportError):\n    import numpy\n    g = numpy.g',
      'def g(x): return x',
    ],
  ])('takes the way that a sandbox takes: %s', async (_, lines, expected) => {
    const files = {
      'm.py': `import os, sys\n${lines}\ndef f(x): return g(x)\n`,
      'core.py': 'def g(x): return x\n',
    };
    expect(await slice(files)).toBe(`${expected}\n\n\ndef f(x): return g(x)\n`);
  });

  it('follows modules that import each other', async () => {
    const program = await slice({
      'a.py': 'from b import g\nA = 1\ndef f(x): return g(x)\n',
      'b.py': 'import a\ndef g(x): return a.A + x\n',
    });
    expect(program).toBe('A = 1\n\n\ndef g(x): return A + x\n\n\ndef f(x): return g(x)\n');
  });
});

describe('prose', () => {
  const module = `def f(x):
    """Doubles.

    Examples
    --------
    >>> f(2)
    4
    """

    # twice
    return x * 2  # noqa: E501
`;

  it.each([
    ['docstrings', 'def f(x):\n    """Doubles."""\n\n    # twice\n    return x * 2\n'],
    ['comments', 'def f(x):\n    # twice\n    return x * 2\n'],
    ['none', 'def f(x):\n    return x * 2\n'],
  ] as const)('is kept as far as asked: %s', async (prose, expected) => {
    expect(await slice(module, prose)).toBe(expected);
  });
});

describe('any module', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'g', 'x');
  const expression = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      name,
      fc.integer({ min: 0, max: 99 }).map(String),
      fc.tuple(name, tie('node')).map(([callee, argument]) => `${callee}(${argument})`),
      fc.tuple(tie('node'), tie('node')).map(([left, right]) => `(${left} + ${right})`),
      fc.tuple(name, tie('node')).map(([target, body]) => `[${target} for ${target} in ${body}]`),
      fc.tuple(name, tie('node')).map(([parameter, body]) => `(lambda ${parameter}: ${body})`),
    ),
  })).node;
  const statement = fc.oneof(
    fc.tuple(name, expression).map(([target, value]) => `${target} = ${value}`),
    fc
      .tuple(name, name, expression)
      .map(([defined, parameter, value]) => `def ${defined}(${parameter}):\n    return ${value}`),
    fc
      .tuple(name, name, expression)
      .map(([defined, local, value]) => `def ${defined}(x):\n    ${local} = x\n    return ${value}`),
    name.map((target) => `${target}.append(1)`),
  );

  it('gives a program that parses, defines the entry and leaves no name open, or a reason', async () => {
    const folder = await temporaryFolder();
    await fc.assert(
      fc.asyncProperty(fc.array(statement, { maxLength: 8 }), expression, async (statements, value) => {
        const source = [...statements, `def f(x):\n    return ${value}`, ''].join('\n');
        const text = await sliceText(folder, source);
        if (text === undefined) return;
        const tree = parsePython(text);
        expect(tree.errorAt).toBeNull();
        const defined = new Set(
          tree.root.children.flatMap((node) => text.slice(node.start).match(/^(?:def )?(\w+)/)?.[1] ?? []),
        );
        expect(defined).toContain('f');
        const open = tree.root.children.flatMap((node) => freeNames(tree, node).uses.map((use) => use.name));
        expect(open.filter((each) => !defined.has(each) && builtinEffect(each) === undefined)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

/** As `slice`, for a text; undefined where it is lost. */
async function sliceText(folder: string, source: string): Promise<string | undefined> {
  const module = await readModule('m.py', '', parsePython(source), async () => undefined);
  const workspace = openWorkspace([], { folder, maxFileBytes: 1 });
  const unit = unitsOf(module).find(({ symbol }) => symbol === 'f')?.statement;
  const sliced = unit == null ? undefined : await sliceProgram(module, unit, workspace, signal);
  return sliced?.ok ? sliced.source('docstrings') : undefined;
}
