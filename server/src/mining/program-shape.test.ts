import { describe, expect, it } from 'vitest';
import { shapeHash } from './program-shape.ts';

const program = `
from functools import reduce
import operator

LIMIT = 10

def helper(values, start=0):
    """Adds up."""
    total = start  # so far
    for value in values:
        total += value
    return total

def f(items, key=None):
    numbers = [x * 2 for x in items if x < LIMIT]
    return helper(numbers, start=1) + reduce(operator.add, numbers)
`;

const renamed = `
import operator as op
from functools import reduce as fold


MOST = 0xA


def add_all(xs, first=0):
    s = first
    for v in xs:
        s += v
    return (s)


def g(a, b=None):
    c = [
        y * 2 for y in a if y < MOST
    ]
    return add_all(c, first=1) + fold(op.add, c)
`;

describe('shapeHash', () => {
  it('is equal for programs that differ only in names, comments, docstrings and layout', () => {
    const imports = program.replace(
      'from functools import reduce\nimport operator',
      'import operator\nfrom functools import reduce',
    );
    expect(shapeHash(imports, 'f')).toBe(shapeHash(renamed, 'g'));
  });

  it.each([
    ['an operator', 'x * 2', 'x + 2'],
    ['a literal', 'start=0', 'start=3'],
    ['which variable is used', 'return total', 'return start'],
    ['an attribute', 'operator.add', 'operator.mul'],
    ['a builtin', 'helper(numbers, start=1)', 'sum(numbers)'],
    ['what is imported', 'import reduce', 'import partial as reduce'],
    ['the nesting of blocks', '        total += value\n    return', '        total += value\n        return'],
  ])('differs with %s', (_, from, to) => {
    expect(program).toContain(from);
    expect(shapeHash(program.replace(from, to), 'f')).not.toBe(shapeHash(program, 'f'));
  });

  it('differs with the entry', () => {
    expect(shapeHash(program, 'f')).not.toBe(shapeHash(program, 'helper'));
  });

  it('tells apart two variables that share a name in different functions', () => {
    const one = 'def a(x):\n    return x\ndef f(x):\n    return a(x)\n';
    const other = 'def a(y):\n    return y\ndef f(x):\n    return a(x)\n';
    const crossed = 'def a(x):\n    return x\ndef f(x):\n    return x(a)\n';
    expect(shapeHash(one, 'f')).toBe(shapeHash(other, 'f'));
    expect(shapeHash(one, 'f')).not.toBe(shapeHash(crossed, 'f'));
  });

  it('takes a local that hides a global for the local it is', () => {
    const hiding = 'n = 1\ndef f(n):\n    return n\n';
    const reading = 'n = 1\ndef f(m):\n    return n\n';
    expect(shapeHash(hiding, 'f')).not.toBe(shapeHash(reading, 'f'));
  });
});
