import { describe, expect, it } from 'vitest';
import type { CallSource } from '../../../protocol/seed.ts';
import { readCall } from '../values/literal-reader.ts';
import type { FoundCall } from './calls/call-index.ts';
import { callsToTry, chooseCalls } from './choose-calls.ts';

function found(text: string, source: CallSource = 'test'): FoundCall {
  const read = readCall(text);
  if (!read.ok) throw new TypeError(text);
  return { call: read.value, text, source, file: null, line: null };
}

async function chosen(
  pairs: readonly (readonly [string, string])[],
  lines: (text: string) => number[] = () => [],
) {
  const calls = pairs.map(([text, output]) => ({ found: found(text), output }));
  const { kept, dropped } = await chooseCalls(calls, async (call) => lines(call.found.text));
  expect(kept.length + dropped.length).toBe(pairs.length);
  return {
    kept: kept.map((call) => call.found.text),
    dropped: dropped.map((call) => `${call.found.text} ${call.loss}`),
  };
}

describe('the calls that are kept', () => {
  it('return none of their arguments, where others tell more', async () => {
    const pairs = [
      ["('a',)", "'a'"],
      ["('b',)", "'bb'"],
      ["('c', 1)", '1'],
      ["('d',)", "'dd'"],
    ] as const;
    expect(await chosen(pairs)).toEqual({
      kept: ["('b',)", "('d',)"],
      dropped: ["('a',) trivial-output", "('c', 1) trivial-output"],
    });
    expect((await chosen(pairs.slice(0, 2))).kept).toEqual(["('a',)", "('b',)"]);
  });

  it('are two where all return the same', async () => {
    const pairs = ['(1,)', '(2,)', '(3,)'].map((text) => [text, 'True'] as const);
    expect(await chosen(pairs)).toEqual({ kept: ['(1,)', '(2,)'], dropped: ['(3,) trivial-output'] });
  });

  it('run most lines and give different outputs, where they are too many; in their order', async () => {
    const pairs = Array.from({ length: 40 }, (_, at) => [`(${at + 100},)`, `${at % 10}`] as const);
    const { kept, dropped } = await chosen(pairs, (text) => (text === '(139,)' ? [1, 2, 3] : [1, 2]));
    expect(kept).toHaveLength(16);
    expect(kept.at(-1)).toBe('(139,)');
    expect(new Set(kept.map((text) => Number(text.slice(1, -2)) % 10)).size).toBe(10);
    expect(dropped.every((each) => each.endsWith('beyond-limit'))).toBe(true);
  });

  it('raise only beside values, and few do', async () => {
    const raising = [2, 3, 4].map((at) => [`(${at},)`, 'raise KeyError'] as const);
    expect((await chosen(raising)).kept).toEqual([]);
    const { kept, dropped } = await chosen([['(1,)', '5'], ...raising]);
    expect(kept).toEqual(['(1,)', '(2,)', '(3,)']);
    expect(dropped).toEqual(['(4,) raises']);
  });
});

describe('the calls that are tried', () => {
  it('are all where they are few, else doctests and made-up ones first and of the others some of everywhere', () => {
    const tests = Array.from({ length: 100 }, (_, at) => found(`(${at},)`));
    expect(callsToTry(tests.slice(0, 40)).beyond).toEqual([]);
    const ends = [found("('doc',)", 'doctest'), ...tests, found("('made',)", 'generated')];
    const { tried, beyond } = callsToTry(ends);
    expect(tried).toHaveLength(40);
    expect(tried[0]?.text).toBe("('doc',)");
    expect(tried.at(-1)?.text).toBe("('made',)");
    expect(Math.max(...tried.slice(1, -1).map(({ text }) => Number(text.slice(1, -2))))).toBeGreaterThan(90);
    expect(beyond).toHaveLength(62);
    expect(callsToTry(tried).tried).toEqual(tried);
  });
});
