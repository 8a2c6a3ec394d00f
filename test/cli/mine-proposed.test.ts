import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Seed } from '../../protocol/seed.ts';
import { autodidact, records } from './run-autodidact.ts';

const model = 'smollm2:135m';

/** Functions as a small model knows them, each with one call. */
const source = `def count_words(text):
    """
    >>> count_words('a b')
    2
    """
    return len(text.split())


def last_items(n, items):
    """
    >>> last_items(2, [1, 2, 3])
    [2, 3]
    """
    return items[-n:]


def is_even(number):
    """
    >>> is_even(3)
    False
    """
    return number % 2 == 0


def shout(word):
    """
    >>> shout('no')
    'NO!'
    """
    return word.upper() + '!'
`;

let data = '';
beforeAll(async () => {
  data = await mkdtemp(path.join(os.tmpdir(), 'autodidact-proposed-'));
  await writeFile(path.join(data, 'words.py'), source);
});
afterAll(() => rm(data, { recursive: true, force: true }));

it('mines calls that the real model proposed', async () => {
  const args = ['mine', data, '--split', 'none', '--sources', 'doctest,model', '--model', model];
  const { code, stdout, stderr } = await autodidact([...args, '--ndjson', '--report'], data);
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/The model was asked about 4 functions and gave \d+ answers/);
  const seeds = records(stdout).map((record) => Seed.parse(record));
  const proposed = seeds.filter(({ provenance }) => provenance.source === 'model');
  expect(proposed.length, stderr).toBeGreaterThan(0);
  for (const { provenance } of proposed) expect(provenance.callModel).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(seeds.map(({ entry, call }) => `${entry}${call}`)).size).toBe(seeds.length);
}, 600_000);
