import { expect, it } from 'vitest';
import type { CallSource, Seed } from '../../../../protocol/seed.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { createSandbox } from '../../sandbox/create-sandbox.ts';
import { createWorkspaceSandbox } from '../../sandbox/workspace/create-workspace-sandbox.ts';
import { type MineEvent, mine } from '../mine.ts';

const { signal } = new AbortController();
const works = await createWorkspaceSandbox({ python: 'python3', env: process.env }, signal).then(
  () => true,
  () => false,
);

const files = {
  'shop.py': `def discount(prices, rate):
    return [round(price * (1 - rate), 2) for price in prices]


class Basket:
    def __init__(self, currency, limit=10):
        self.currency = currency
        self.limit = limit
        self.items = []

    def label(self, opaque, width=4):
        return opaque.rjust(width) + self.currency


def total(prices):
    return sum(discount(prices, 0.1))
`,
  'test_shop.py': `import unittest
import shop

class T(unittest.TestCase):
    def test_it(self):
        for prices in ([1.5, 2.0], [3.25], [10.0, 20.0, 30.0]):
            shop.total(prices)
        for text in 'ab', 'cde':
            shop.Basket('EUR').label(text)
            shop.Basket('CHF', 3).label(text, 6)
`,
};

async function mined(sources: readonly CallSource[]): Promise<MineEvent[]> {
  const folder = await temporaryFolder(files);
  const env = { ...process.env, AUTODIDACT_CACHE: await temporaryFolder({}) };
  const sandbox = await createSandbox({ env: process.env }, signal);
  try {
    const recording = { python: 'python3', env };
    const bounds = { exclude: [], maxFiles: 100, maxFileBytes: 100_000 };
    return await Array.fromAsync(mine({ folder, ...bounds, sources, recording, sandbox }, signal));
  } finally {
    await sandbox.close();
  }
}

const seedsOf = (events: readonly MineEvent[]): Seed[] =>
  events.flatMap((event) => (event.type === 'seed' ? [event.seed] : []));

it.runIf(works)(
  'mines functions and methods by the calls that the tests made',
  { timeout: 120_000 },
  async () => {
    const events = await mined(['recorded']);
    const seeds = seedsOf(events);
    const calls = seeds.map(({ entry, call, output }) => `${entry}${call} = ${output}`).sort();
    expect(calls).toEqual([
      "basket_label('CHF', 3, 'ab', 6) = '    abCHF'",
      "basket_label('CHF', 3, 'cde', 6) = '   cdeCHF'",
      "basket_label('EUR', 10, 'ab', 4) = '  abEUR'",
      "basket_label('EUR', 10, 'cde', 4) = ' cdeEUR'",
      'discount([1.5, 2.0], 0.1) = [1.35, 1.8]',
      'discount([10.0, 20.0, 30.0], 0.1) = [9.0, 18.0, 27.0]',
      'discount([3.25], 0.1) = [2.93]',
      'total([1.5, 2.0],) = 3.1500000000000004',
      'total([10.0, 20.0, 30.0],) = 54.0',
      'total([3.25],) = 2.93',
    ]);
    for (const { provenance } of seeds)
      expect(provenance).toMatchObject({ source: 'recorded', callFile: 'test_shop.py', callLine: null });
    expect(events).toContainEqual({
      type: 'recorded',
      file: 'test_shop.py',
      calls: expect.any(Number),
      isLeft: false,
    });
  },
);

it('runs no test where recording was not chosen', async () => {
  const events = await mined(['doctest', 'test', 'code']);
  expect(events.some(({ type }) => type === 'recorded')).toBe(false);
});
