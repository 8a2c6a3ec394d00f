import { describe, expect, it } from 'vitest';
import { useMining } from '../../../../test/support/mining.ts';

const { mineFiles } = useMining();

/** The small functions by which units are asked that take objects. */
async function entriesOf(files: Readonly<Record<string, string>>) {
  const { seeds } = await mineFiles(files, { sources: ['generated'] });
  const bySymbol = Map.groupBy(seeds, ({ provenance: { symbol } }) => symbol);
  return new Map(
    [...bySymbol].map(([symbol, [seed]]) => [symbol, seed?.program.split('\n\n\n').at(-1)] as const),
  );
}

describe('a unit that takes objects', () => {
  it('is asked with objects of the standard library that its hints name', async () => {
    const entries = await entriesOf({
      'm.py': `import datetime as dt
from decimal import Decimal
from typing import Callable, Optional

def age(born: "dt.date", today: dt.date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

def cents(price: Optional[Decimal]) -> int:
    return int(price * 100)

def apply(function: Callable[[int, int], int], low: int, high: int) -> int:
    return function(low, high) * 2
`,
    });
    expect(entries.get('age')).toBe(
      'def age_of(year, month, day, today_year, today_month, today_day):\n    return age(date(year, month, day), date(today_year, today_month, today_day))\n',
    );
    expect(entries.get('cents')).toBe('def cents_of(digits):\n    return cents(Decimal(digits))\n');
    expect(entries.get('apply')).toBe(
      'def apply_add(low, high):\n    return apply(lambda x, y: x + y, low, high)\n',
    );
  }, 60_000);

  it('is asked with objects of the workspace, by their hints or their names, methods too', async () => {
    const entries = await entriesOf({
      'shapes.py': `class Box:
    def __init__(self, width: int, height: int):
        self.width, self.height = width, height
`,
      'm.py': `from shapes import Box

class Account:
    def __init__(self, owner: str, check):
        self.owner = owner
        self.fits = check

    def holds(self, box: Box) -> bool:
        return self.fits(box.width)

def area(box: Box) -> int:
    return box.width * box.height

def greeting(account):
    return "Dear " + account.owner
`,
    });
    expect(entries.get('area')).toBe('def area_of(width, height):\n    return area(Box(width, height))\n');
    expect(entries.has('greeting')).toBe(false);
    expect([...entries.keys()]).toContain('area');
  }, 60_000);

  it('is not asked where nothing tells how an object is made', async () => {
    const module = 'from somewhere import Thing\n\ndef size(thing: Thing) -> int:\n    return thing.size\n';
    expect([...(await entriesOf({ 'm.py': module })).keys()]).toEqual([]);
  }, 60_000);
});
