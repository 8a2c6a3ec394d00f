import { describe, expect, it } from 'vitest';
import { slice } from '../../../../test/support/sliced.ts';

describe('a program', () => {
  it('has what is registered with a function, and what is set of a function or class', async () => {
    const handlers = `from functools import singledispatch


@singledispatch
def f(x): return 'other'


@f.register
def _(x: int): return 'int'


f.register(list, len)
`;
    expect(await slice(handlers)).toBe(handlers);
    const changed = `class Options:
    strict = False


def helper(x): return getattr(helper, 'size', 0) + x


Options.strict = True
setattr(helper, 'size', 3)


def f(x): return Options.strict and helper(x)
`;
    expect(await slice(changed)).toBe(changed);
  });

  it('has what its module sets of a library', async () => {
    const module = "import string\n\nstring.digits = '01'\n\n\ndef f(x): return string.digits[x:]\n";
    expect(await slice(module)).toBe(module);
    const path = "import sys\nsys.path.insert(0, 'x')\ndef f(x): return x > sys.maxsize\n";
    expect(await slice(path)).toBe('import sys\n\n\ndef f(x): return x > sys.maxsize\n');
  });

  it('has no call of the unit that only stands in its module', async () => {
    const module = 'RATE = 0.25\n\n\ndef f(x): return x * RATE\n';
    expect(await slice(`${module}\n\nf(100)\nprint(f(250))\n`)).toBe(module);
    const counter =
      'COUNT = 0\n\n\ndef bump():\n    global COUNT\n    COUNT += 1\n\n\nbump()\n\n\ndef f(x): return x + COUNT\n';
    expect(await slice(counter)).toContain('bump()\n');
  });

  it('keeps behind a statement what makes its values others', async () => {
    const module = `DEPTH = 1
A = [1]


def f(x, depth=DEPTH, seen=list(A)): return [x, *seen] * depth


DEPTH = 4
A.append(2)
`;
    expect(await slice(module)).toBe(
      module.replace(/DEPTH = 4\nA.append\(2\)\n$/, 'DEPTH = 4\nA.append(2)\n'),
    );
    const twice = `def g(x): return x * 2


V = g(1)


def g(x): return x * 100


def f(x): return V + g(x)
`;
    expect(await slice(twice)).toBe(twice);
  });
});
