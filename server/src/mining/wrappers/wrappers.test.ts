import { describe, expect, it } from 'vitest';
import { useMining } from '../../../../test/support/mining.ts';

const { mineFiles } = useMining();

describe('what is no function of literals', () => {
  const programs = async (module: string) => {
    const { seeds, losses } = await mineFiles({ 'm.py': module }, { sources: ['generated'] });
    return { programs: new Set(seeds.map(({ program }) => program)), seeds, losses };
  };

  it('is asked through a function that makes the rest: for a function, one that people write', async () => {
    const { seeds } = await programs(
      'def group(key, seq):\n    groups = {}\n    for item in seq:\n        groups.setdefault(key(item), []).append(item)\n    return groups\n',
    );
    const entries = new Set(seeds.map(({ entry }) => entry));
    expect(entries).toEqual(new Set(['group_double', 'group_is_even']));
    expect(seeds[0]?.program).toContain(
      '\n\ndef group_double(seq):\n    return group(lambda x: x * 2, seq)\n',
    );
    expect(
      seeds.some(
        ({ entry, call, output }) =>
          entry === 'group_is_even' && call === '([3, 0, 7],)' && output === '{False: [3, 7], True: [0]}',
      ),
    ).toBe(true);
  });

  it('is asked through an object: its methods, properties, class methods and static ones', async () => {
    const module = `class Span:
    def __init__(self, low: int, high: int):
        self.low, self.high = low, high

    def holds(self, number: int):
        return self.low <= number < self.high

    @property
    def width(self):
        return self.high - self.low

    @classmethod
    def around(cls, middle: int):
        return [cls(middle - 1, middle + 1).width, middle]

    @staticmethod
    def middle(low: int, high: int):
        return (low + high) // 2

    def move(self, by: int):
        self.low += by
        self.high += by

    def __eq__(self, other):
        return self.low == other.low
`;
    const { seeds, losses } = await programs(module);
    const bySymbol = Map.groupBy(seeds, ({ provenance: { symbol } }) => symbol);
    expect([...bySymbol.keys()].sort()).toEqual([
      'Span.__eq__',
      'Span.__init__',
      'Span.around',
      'Span.holds',
      'Span.middle',
      'Span.move',
      'Span.width',
    ]);
    const last = (symbol: string) => bySymbol.get(symbol)?.[0]?.program.split('\n\n\n').at(-1);
    expect(last('Span.holds')).toBe(
      'def span_holds(low, high, number):\n    return Span(low, high).holds(number)\n',
    );
    expect(last('Span.width')).toBe('def span_width(low, high):\n    return Span(low, high).width\n');
    expect(last('Span.around')).toBe('def span_around(middle):\n    return Span.around(middle)\n');
    expect(last('Span.middle')).toBe('def span_middle(low, high):\n    return Span.middle(low, high)\n');
    expect(last('Span.move')).toBe(
      'def span_move(low, high, by):\n    made = Span(low, high)\n    made.move(by)\n    return vars(made)\n',
    );
    expect(last('Span.__eq__')).toBe(
      'def span_eq(low, high, other_low, other_high):\n    return Span(low, high) == Span(other_low, other_high)\n',
    );
    expect(last('Span.__init__')).toBe(
      'def span_init(low, high):\n    made = Span(low, high)\n    return vars(made)\n',
    );
    expect(losses).toEqual([]);
  });

  it('is asked through the operators that call its special methods', async () => {
    const { seeds, losses } = await programs(
      `class Bag(Base):
    def __init__(self, items: list[int]):
        self.items = sorted(items)

    def __iter__(self):
        return iter(self.items)

    def __getitem__(self, index: int):
        return self.items[index]

    def __setitem__(self, index: int, value: int):
        self.items[index] = value

    def __contains__(self, item: int):
        return item in self.items

    def __add__(self, other):
        return Bag([*self, *other])

    def __reduce__(self):
        return Bag, (self.items,)
`.replace('(Base)', ''),
    );
    const asked = new Map(
      seeds.map(({ provenance: { symbol }, program }) => [
        symbol.replace('Bag.', ''),
        program.split('\n\n\n').at(-1)?.split('\n').slice(1, -1).join('; ').replaceAll('    ', ''),
      ]),
    );
    expect(Object.fromEntries(asked)).toEqual({
      __init__: 'made = Bag(items); return list(made)',
      __getitem__: 'return Bag(items)[index]',
      __setitem__: 'made = Bag(items); made[index] = value; return list(made)',
      __contains__: 'return item in Bag(items)',
      __add__: 'return list(Bag(items) + Bag(other_items))',
    });
    expect(losses.filter((loss) => !loss.includes('duplicate'))).toEqual(['Bag.__reduce__: is-special']);
  });

  it('is made as its base class says, or its fields', async () => {
    const { programs: all } = await programs(`from dataclasses import dataclass
from typing import NamedTuple

class Base:
    def __init__(self, start: int):
        self.start = start

class Counter(Base):
    def after(self, by: int):
        return self.start + by * 2

@dataclass
class Point:
    x: int
    y: int = 0

    def reach(self, far: int):
        return abs(self.x) + abs(self.y) < far

class Pair(NamedTuple):
    left: int
    right: int

    def total(self, more: int):
        return self.left + self.right * more
`);
    const text = [...all].join('\n');
    expect(text).toContain('return Counter(start).after(by)\n');
    expect(text).toContain('return Point(x).reach(far)\n');
    expect(text).toContain('return Pair(left, right).total(more)\n');
  });

  it('is asked for what it changes, or for the list of what it yields', async () => {
    const changed = await programs(
      'def fill(items: list[int], value: int):\n    items.append(value)\n    items.sort()\n',
    );
    expect([...changed.programs][0]).toContain(
      'def fill_result(items, value):\n    fill(items, value)\n    return items\n',
    );
    const yielding = await programs(
      'def pairs(items: list[int]):\n    for a in items:\n        yield a, a + 1\n',
    );
    expect(yielding.seeds[0]?.entry).toBe('pairs_list');
  });

  it('takes the branch that a Python 3 takes, and what a package imports from itself', async () => {
    const folder = {
      'pkg/__init__.py': '',
      'pkg/tools.py': 'BASE = 3\n',
      'pkg/m.py':
        'import sys\nif sys.version_info[0] < 3:\n    from itertools import izip as zip\nelse:\n    from functools import reduce\ntry:\n    from .tools import BASE\nexcept ImportError:\n    from six import BASE\n\n\ndef f(xs: list[int]):\n    return reduce(lambda a, b: a + b, xs, BASE)\n',
    };
    const { seeds } = await mineFiles(folder, { sources: ['generated'] });
    expect(seeds[0]?.program).toMatch(/^from functools import reduce\n\nBASE = 3\n/);
  });
});
