import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { createSandbox } from '../../sandbox/create-sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { mine } from '../mine.ts';
import { licenceOf } from './licence.ts';
import { secretIn } from './secrets.ts';

const signal = new AbortController().signal;
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createSandbox({}, signal);
}, 60_000);
afterAll(() => sandbox.close());

async function minedOf(text: string) {
  const folder = await temporaryFolder({ 'm.py': text });
  const options = { folder, exclude: [], maxFiles: 9, maxFileBytes: 99_999, sandbox };
  const events = await Array.fromAsync(mine({ ...options, split: { by: 'none' } }, signal));
  return {
    seeds: events.flatMap((event) => (event.type === 'seed' ? [event.seed] : [])),
    losses: events.flatMap((event) => (event.type === 'loss' ? [`${event.symbol}: ${event.loss}`] : [])),
  };
}

describe('a comment that keeps code out', () => {
  it.each([
    ['above', '# autodidact: ignore\ndef f(x: int):\n    return x + 1\n'],
    [
      'above the decorators',
      '# Autodidact: ignore, please\n@staticmethod\ndef f(x: int):\n    return x + 1\n',
    ],
    ['beside', 'def f(x: int):  # autodidact: ignore\n    return x + 1\n'],
  ])('%s', async (_, text) => {
    const { seeds, losses } = await minedOf(`${text}\n\ndef g(x: int):\n    return f(x) * 3\n`);
    expect(seeds).toEqual([]);
    expect(losses).toEqual(['f: ignored', 'g: ignored']);
  });

  it('above a method', async () => {
    const { seeds, losses } = await minedOf(
      'class A:\n    # autodidact: ignore\n    def f(self, x: int):\n        return x * 5\n',
    );
    expect(seeds).toEqual([]);
    expect(losses).toEqual(['A.f: ignored']);
  });

  it('above a method that others call, but not where they call none of it', async () => {
    const { seeds, losses } = await minedOf(
      `class A:
    # autodidact: ignore
    def secret(self, x: int):
        return x * 5

    def open(self, x: int):
        return self.secret(x) + 1

    def plain(self, x: int):
        return x + 2
`,
    );
    expect(new Set(seeds.map(({ provenance: { symbol } }) => symbol))).toEqual(new Set(['A.plain']));
    expect(seeds[0]?.program).not.toContain('secret');
    expect(losses).toEqual(['A.secret: ignored', 'A.open: ignored']);
  });

  it('of one function does not concern the next, nor one in a body', async () => {
    const { seeds } = await minedOf(
      '# autodidact: ignore\n\ndef f(x: int):\n    # autodidact: ignore\n    return x + 1\n',
    );
    expect(seeds.length).toBeGreaterThan(0);
  });
});

describe('a credential', () => {
  it.each([
    ['a token of a known form', `TOKEN = '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'`],
    ['a random text of such a name', `settings = {'api_key': 'x7Kp2mQ9vL4s'}`],
    ['a password as a default', `def connect(password='c0rrect-h0rse-9'):\n    pass`],
  ])('is %s', async (_, line) => {
    expect(await secretIn(`import re\n${line}\n`)).toMatch(/line|given/);
  });

  it.each([
    `TOKEN = 'IDENTIFIER'`,
    `password = 'password'`,
    `key = 'x7Kp2mQ9vL4s'`,
    `def token(secret='changeme'):\n    return secret`,
    `token = f'{prefix}12345678abc'`,
  ])('is not %s', async (line) => {
    expect(await secretIn(`${line}\n`)).toBeUndefined();
  });

  it('is kept out of calls, and of what they return', async () => {
    const token = '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';
    const { seeds } = await minedOf(
      `def back(x: str):\n    return x[::-1]\n\n\nback('${token}')\nback('${[...token].reverse().join('')}')\nback('abc')\n`,
    );
    expect(seeds.length).toBeGreaterThan(0);
    expect(JSON.stringify(seeds)).not.toContain(token);
  });

  it('keeps what needs it out', async () => {
    const { seeds, losses } = await minedOf(
      `SECRET_KEY = 'x7Kp2mQ9vL4sR8t'\n\n\ndef sign(x: str):\n    return x + SECRET_KEY[:2]\n`,
    );
    expect(seeds).toEqual([]);
    expect(losses).toEqual(['sign: secret']);
  });
});

describe('the licence of a file', () => {
  it.each([
    ['# SPDX-License-Identifier: Apache-2.0 OR MIT\n', 'Apache-2.0 OR MIT'],
    ['# Licensed under the Apache License, Version 2.0 (the "License");\n', 'Apache-2.0'],
    ['"""Under the GNU General Public License v3"""\n', 'GPL'],
    ['# under the GNU Lesser General Public License\n', 'LGPL'],
    ['# BSD 3-Clause\n', 'BSD-3-Clause'],
    ['# (c) us. All rights reserved.\n', 'proprietary'],
    [`${'\n'.repeat(50)}# MIT License\n`, null],
    ['import os\n', null],
  ])('%j', (text, licence) => {
    expect(licenceOf(text)).toBe(licence);
  });
});

describe('what a seed tells of itself', () => {
  it('is how hard its call is, over the lines that it reaches', async () => {
    const { seeds } = await minedOf(
      `# MIT License\ndef f(n):\n    """\n    >>> f(0)\n    >>> f(3)\n    """\n    if n == 0:\n        return -1\n    total = 0\n    for i in range(n):\n        total += i * n\n    return total\n`,
    );
    const byCall = new Map(seeds.map((seed) => [seed.call, seed]));
    expect(byCall.get('(0,)')?.difficulty).toEqual({
      steps: 2,
      branches: 1,
      loops: 0,
      calls: 0,
      operators: 2,
      depth: 2,
    });
    expect(byCall.get('(3,)')?.difficulty).toEqual({
      steps: 10,
      branches: 1,
      loops: 1,
      calls: 1,
      operators: 3,
      depth: 2,
    });
    expect(byCall.get('(3,)')?.provenance.licence).toBe('MIT');
  });

  it('is its shape, so that a copy gives no second ones', async () => {
    const { seeds, losses } = await minedOf(
      'def f(n: int):\n    return n * 5\n\n\ndef g(count: int):\n    """The same."""\n    return count * 5\n',
    );
    expect(new Set(seeds.map(({ entry }) => entry))).toEqual(new Set(['f']));
    expect(losses).toEqual(['g: duplicate']);
  });

  it('is its behaviour, so that the same in other words gives no second ones', async () => {
    const { seeds, losses } = await minedOf(
      'def f(n: int):\n    return n * 5 - 2\n\n\ndef g(count: int):\n    five = 5\n    return -2 + five * count\n',
    );
    expect(new Set(seeds.map(({ entry }) => entry))).toEqual(new Set(['f']));
    expect(new Set(losses)).toEqual(new Set(['g: duplicate']));
  });
});
