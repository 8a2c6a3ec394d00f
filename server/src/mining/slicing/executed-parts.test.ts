import { describe, expect, it } from 'vitest';
import { neededParts, withoutIdleParts } from './executed-parts.ts';

const { signal } = new AbortController();

const program = `import math
import re
from collections import deque, OrderedDict


LIMITS = {}
UNUSED = re.compile("x")


def limit(name):
    return LIMITS.get(name, 0)


def idle(x):
    return deque([x])


class Base:
    kind = "base"

    # never asked
    def area(self):
        raise NotImplementedError

    def name(self):
        return self.kind


class Circle(Base):
    """Round."""

    def __init__(self, radius):
        self.radius = radius

    def area(self):
        return math.pi * self.radius**2

    def scaled(self, by):
        return Circle(self.radius * by)

    grown = scaled


class Square(Base):
    def area(self):
        return idle(self)


LIMITS["circle"] = 3


def f(radius):
    if radius < 0:
        return Square().area()
    return Circle(radius).area() > limit("circle")
`;

/** The numbers of the lines that hold these texts. */
function linesOf(...texts: string[]): Set<number> {
  const lines = program.split('\n');
  return new Set(texts.map((text) => 1 + lines.findIndex((line) => line.includes(text))));
}

const imported = linesOf(
  'LIMITS = {}',
  'UNUSED =',
  'def limit',
  'def idle',
  'class Base',
  'kind =',
  'class Circle',
  'grown =',
  'class Square',
  'LIMITS["circle"]',
  'def f(',
);

const evidence = (run: ReadonlySet<number>) => ({
  executed: new Set([...imported, ...run]),
  keeping: 'none' as const,
});

describe('a program cut to what is executed', () => {
  it('has the functions that run, what these name, and of classes the methods that run or are named', async () => {
    const run = linesOf(
      'if radius',
      'return Circle(radius)',
      'self.radius = radius',
      'math.pi',
      'LIMITS.get',
    );
    const needed = await neededParts(program, 'f', evidence(run), signal);
    expect(await withoutIdleParts(program, needed, signal)).toBe(`import math


LIMITS = {}


def limit(name):
    return LIMITS.get(name, 0)


class Base:
    kind = "base"


class Circle(Base):
    """Round."""

    def __init__(self, radius):
        self.radius = radius

    def area(self):
        return math.pi * self.radius**2

    def scaled(self, by):
        return Circle(self.radius * by)

    grown = scaled


class Square(Base):
    pass


LIMITS["circle"] = 3


def f(radius):
    if radius < 0:
        return Square().area()
    return Circle(radius).area() > limit("circle")
`);
  });

  it('is cut the same where its prose is another, and left alone where it is another program', async () => {
    const run = linesOf('if radius', 'return Square()', 'return idle');
    const needed = await neededParts(program, 'f', evidence(run), signal);
    const bare = program.replace('    """Round."""\n\n', '').replace('    # never asked\n', '');
    const cut = await withoutIdleParts(bare, needed, signal);
    expect(cut).toContain('from collections import deque');
    expect(cut).not.toContain('Round');
    expect(cut).not.toContain('def name');
    expect(await withoutIdleParts(program, needed, signal)).toContain(
      'class Circle(Base):\n    """Round."""\n',
    );
    expect(await withoutIdleParts('def f(x): return x\n', needed, signal)).toBe('def f(x): return x\n');
  });
});
