import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Seed, Split } from '../../../../protocol/seed.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { createSandbox } from '../../sandbox/create-sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { type MineOptions, mine } from '../mine.ts';
import { HeldOut } from './held-out.ts';
import { readSplitRule, splitOfPlace, strictest } from './split-rule.ts';

const signal = new AbortController().signal;
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createSandbox({}, signal);
}, 60_000);
afterAll(() => sandbox.close());

/** Names of functions of a module `m`, by the split that their name gives them. */
const named = Map.groupBy(
  Array.from({ length: 60 }, (_, n) => `fun${n}`),
  (symbol) => splitOfPlace({ by: 'unit' }, { package: 'm', symbol, since: null }),
);
const [a = '', b = ''] = named.get('train') ?? [];
const [gate = ''] = named.get('gate') ?? [];
const [test = ''] = named.get('test') ?? [];

async function seedsOf(
  files: Readonly<Record<string, string>>,
  options: Partial<MineOptions> = {},
): Promise<Seed[]> {
  const folder = await temporaryFolder(files);
  const all = { folder, exclude: [], maxFiles: 100, maxFileBytes: 100_000, sandbox, ...options };
  const events = await Array.fromAsync(mine(all, signal));
  return events.flatMap((event) => (event.type === 'seed' ? [event.seed] : []));
}

async function splitsOf(
  files: Readonly<Record<string, string>>,
  options: Partial<MineOptions> = {},
): Promise<Record<string, Split>> {
  const seeds = await seedsOf(files, options);
  return Object.fromEntries(seeds.map(({ provenance, split }) => [provenance.symbol, split]));
}

describe('the split of a unit', () => {
  it('is 60, 15 and 25 in a hundred, by name alone', () => {
    const counts: Record<Split, number> = { train: 0, gate: 0, test: 0 };
    for (let n = 0; n < 4_000; n++)
      counts[splitOfPlace({ by: 'unit' }, { package: 'p', symbol: `f${n}`, since: null })] += 1;
    expect(counts.train / 4_000).toBeCloseTo(0.6, 1);
    expect(counts.gate / 4_000).toBeCloseTo(0.15, 1);
    expect(counts.test / 4_000).toBeCloseTo(0.25, 1);
    // Stored, so never to be changed: these hold on every machine.
    expect([a, b, gate, test]).toEqual(['fun0', 'fun1', 'fun18', 'fun7']);
  });

  it('is that of its package, of its first commit, or nothing, where asked for', () => {
    const splits = (setting: string, places: readonly [string, string, string | null][]) =>
      places.map(([name, symbol, since]) =>
        splitOfPlace(readSplitRule(setting), { package: name, symbol, since }),
      );
    const whole = splits(
      'package',
      [...'abcdefgh'].map((symbol) => ['p', symbol, null]),
    );
    expect(new Set(whole).size).toBe(1);
    const dates = ['2024-12-31', '2025-01-01', '2025-06-01', null];
    const places = dates.map((since): [string, string, string | null] => ['p', 'f', since]);
    const byDate = ['train', 'gate', 'test', 'test'];
    expect(splits('commit-date:2025-01-01,2025-06-01', places)).toEqual(byDate);
    expect(splits('commit-date:2025-06-01,2025-01-01', places)).toEqual(byDate);
    expect(splits('none', [['p', test, null]])).toEqual(['train']);
  });

  it('of several is the strictest', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<Split>('train', 'gate', 'test')), (splits) => {
        const order: Split[] = ['test', 'gate', 'train'];
        expect(strictest(splits)).toBe(order.find((split) => splits.includes(split)) ?? 'train');
      }),
    );
  });

  it('goes by the day of the first commit', async () => {
    const folder = await temporaryFolder({ 'old.py': `def ${test}(x):\n    return x * 2 + 1\n` });
    const git = (date: string, ...args: string[]) =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
        env: { ...process.env, GIT_COMMITTER_DATE: date, GIT_AUTHOR_DATE: date },
      });
    git('', 'init', '-q');
    git('', 'add', '.');
    git('2024-03-01T12:00:00Z', 'commit', '-q', '-m', 'one');
    const options = { folder, exclude: [], maxFiles: 9, maxFileBytes: 9_999, sandbox };
    const split = readSplitRule('commit-date:2024-04-01,2024-05-01');
    const events = await Array.fromAsync(mine({ ...options, split }, signal));
    const splits = events.flatMap((event) => (event.type === 'seed' ? [event.seed.split] : []));
    expect(new Set(splits)).toEqual(new Set(['train']));
  }, 60_000);
});

describe('what is held out', () => {
  it('holds out whatever contains it', async () => {
    const splits = await splitsOf({
      'm.py': [
        `def ${a}(x: int):\n    return ${test}(x) * 3\n`,
        `def ${gate}(x: int):\n    return x - 11\n`,
        `def ${test}(x: int):\n    return x + 5\n`,
        `def ${b}(x: int):\n    return x * 7\n`,
      ].join('\n\n'),
    });
    expect(splits).toEqual({ [a]: 'test', [gate]: 'gate', [test]: 'test', [b]: 'train' });
  }, 60_000);

  it('holds out its near-duplicates, by shape, by tokens and by behaviour', async () => {
    const long = (name: string, more = '') =>
      `def ${name}(words: list[str]):\n    found = []\n    for word in words:\n        if word.startswith("a") and len(word) > 2:\n            found.append(word.upper())\n${more}    return sorted(found, key=len)\n`;
    const [c = '', d = '', e = ''] = (named.get('train') ?? []).slice(2);
    const splits = await splitsOf({
      'm.py': [
        long(test),
        `def ${gate}(text: str, count: int):\n    return text.strip() * count\n`,
        `def ${a}(value: str, times: int):\n    return value.strip() * times\n`,
        long(b, '        found.append(word)\n'),
        `def ${c}(text: str, count: int):\n    whole = ""\n    for _ in range(count):\n        whole += text.strip()\n    return whole\n`,
        `def ${d}(text: str, count: int):\n    return text.rstrip() + str(count)\n`,
        `def ${e}(n: int):\n    return n % 7 - 2\n`,
      ].join('\n\n'),
    });
    // The one of equal shape is a duplicate, and gives nothing at all.
    expect(splits).toEqual({
      [test]: 'test',
      [gate]: 'gate',
      [b]: 'test',
      [c]: 'gate',
      [d]: 'train',
      [e]: 'train',
    });
  }, 60_000);

  it('is known of files that are not read again', async () => {
    const held = await seedsOf({ 'm.py': `def ${test}(x: int):\n    return x * x + 41\n` });
    const folder = { 'other.py': `def ${a}(y: int):\n    return y * y + 41\n` };
    const known = held.map((seed) => ({ ...seed, shape: 'of another version', behaviour: null }));
    expect(new Set(Object.values(await splitsOf(folder, { known, files: ['other.py'] })))).toEqual(
      new Set(['test']),
    );
    expect(await splitsOf(folder, { known: held, files: ['other.py'] })).toEqual({});
  }, 60_000);

  it('is found in a program that somebody writes', async () => {
    const sum = 'def secret_sum(a, b):\n    return a * 31 + b\n';
    const shared = 'def shared(a):\n    return a * 17\n';
    const heldOut = await HeldOut.of(
      [
        { program: `${sum}\n${shared}`, split: 'gate' },
        { program: shared, split: 'train' },
      ],
      signal,
    );
    expect(await heldOut.isIn(shared, signal)).toBe(false);
    const cut = (methods: string) =>
      `class Shared:\n    def __init__(self, items):\n        self.items = sorted(items, key=len)\n\n    def first(self):\n        return self.items[0] if self.items else None\n${methods}`;
    const more = '\n    def last(self):\n        return self.items[-1]\n';
    const alike = await HeldOut.of(
      [
        { program: `${cut(more)}\n${sum}`, split: 'gate' },
        { program: cut(''), split: 'train' },
      ],
      signal,
    );
    expect(await alike.isIn(cut(''), signal)).toBe(false);
    expect(await alike.isIn(sum, signal)).toBe(true);
    const helper = 'def helper(x, y):\n    # another name\n    return x * 31 + y\n';
    expect(await heldOut.isIn(`${helper}\ndef f(z):\n    return helper(z, 1)\n`, signal)).toBe(true);
    expect(await heldOut.isIn('def helper(x, y):\n    return x * 32 + y\n', signal)).toBe(false);
  });
});
