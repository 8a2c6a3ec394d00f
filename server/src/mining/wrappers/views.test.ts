import { describe, expect, it } from 'vitest';
import { useMining } from '../../../../test/support/mining.ts';

const { mineFiles } = useMining();

/** The last line of each unit's programs, and one call of it. */
async function seen(module: string) {
  const { seeds, losses } = await mineFiles({ 'm.py': module }, { sources: ['generated'] });
  const returned = new Map(
    seeds.map(({ provenance: { symbol }, program }) => [
      symbol,
      program.trimEnd().split('\n').at(-1)?.trim(),
    ]),
  );
  return { returned, seeds, losses };
}

const classes = `from collections import Counter, deque
from dataclasses import dataclass
from fractions import Fraction

@dataclass
class Point:
    x: int
    y: int

class Plain:
    def __init__(self, size):
        self.size = size

class Named:
    def __init__(self, size):
        self.size = size

    def __str__(self):
        return f'size {self.size}'

class Nested:
    def __init__(self, size):
        self.size = size
        self.corner = Point(size, size)
`;

describe('an object that is no literal', () => {
  it.each([
    ['its items', 'def f(n: int): return (i * n for i in range(3))', 'return list(f(n))'],
    [
      'texts of its items',
      'def f(n: int): return [Point(n, i) for i in range(2)]',
      'return [repr(item) for item in f(n)]',
    ],
    ['its text', 'def f(n: int): return Fraction(n, 7)', 'return repr(f(n))'],
    ['its other text', 'def f(n: int): return Named(n + 1)', 'return str(f(n))'],
    ['its attributes', 'def f(n: int): return Plain(n + 1)', 'return vars(f(n))'],
    ['a text of its attributes', 'def f(n: int): return Nested(n + 1)', 'return repr(vars(f(n)))'],
    ['a dictionary', 'def f(words: list[str]): return Counter(words)', 'return dict(f(words))'],
  ])('is asked for %s', async (_, code, expected) => {
    const { returned, seeds } = await seen(`${classes}\n${code}\n`);
    expect(returned.get('f')).toBe(expected);
    for (const { output } of seeds) expect(output).not.toMatch(/ at 0x|^raise /);
  });

  it('is asked for likewise where a method makes or changes it', async () => {
    const { returned } = await seen(`${classes}
class Board:
    def __init__(self, size: int):
        self.size = size
        self.queue = deque([size])

    def push(self, item: int):
        self.queue.append(item)

    def corner(self, side: int):
        return Point(side * self.size, 0)
`);
    expect(returned.get('Board.__init__')).toBe('return repr(vars(made))');
    expect(returned.get('Board.push')).toBe('return repr(vars(made))');
    expect(returned.get('Board.corner')).toBe('return repr(Board(size).corner(side))');
  });

  it('is left out where it tells nothing, or only where it lies', async () => {
    const { losses } = await seen(
      'class Empty: pass\nclass Held:\n    def __init__(self, x):\n        self.x = Empty()\ndef f(x: int): return Empty()\ndef g(x: int): return lambda: x\ndef h(x: int): return Held(x)\n',
    );
    expect(losses.sort()).toEqual([
      'Held.__init__: no-call-returns',
      'f: no-call-returns',
      'g: no-call-returns',
      'h: no-call-returns',
    ]);
  });
});
