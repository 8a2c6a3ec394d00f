import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JudgeResult } from '../../protocol/judge.ts';
import { autodidact, records } from './run-autodidact.ts';

const tail = 'def tail(n, seq):\n    return seq[-n:]\n';
const base = { program: tail, entry: 'tail' };

/** Each line with what must come out, as `verdict` or `verdict/reason`. */
const lines: readonly [string, Record<string, unknown> | string, string][] = [
  ['right', { ...base, kind: 'deduction', call: '(2, [1, 2, 3])', answer: ' [2, 3]\n' }, 'right'],
  [
    'given gold',
    { ...base, kind: 'deduction', call: '(2, [1, 2, 3])', output: '[2]', answer: '[2]' },
    'unjudgeable/gold-mismatch',
  ],
  [
    'types differ',
    { ...base, kind: 'deduction', call: '(2, [1, 2, 3])', answer: '[2, 3.0]' },
    'wrong/different',
  ],
  [
    'prose',
    { ...base, kind: 'deduction', call: '(2, [1, 2, 3])', answer: 'It is [2, 3]' },
    'wrong/malformed',
  ],
  [
    'fence',
    { ...base, kind: 'deduction', call: '(2, [1, 2, 3])', answer: '```\n[2, 3]\n```' },
    'wrong/malformed',
  ],
  ['found', { ...base, kind: 'abduction', output: '[2, 3]', answer: '(2, [9, 2, 3])' }, 'right'],
  [
    'template cheat',
    { ...base, kind: 'abduction', output: '[2, 3]', answer: '(2, [1])) or True or tail((1' },
    'wrong/malformed',
  ],
  ['too many', { ...base, kind: 'abduction', output: '[2, 3]', answer: '(2, [2, 3], 4)' }, 'wrong/arity'],
  ['raises', { ...base, kind: 'abduction', output: '[2, 3]', answer: "('x', [2, 3])" }, 'wrong/raised'],
  [
    'induced',
    {
      kind: 'induction',
      entry: 'f',
      pairs: [
        ['(1,)', '2'],
        ['(5,)', '6'],
      ],
      answer: 'def f(x):\n    return x + 1',
    },
    'right',
  ],
  [
    'always equal',
    {
      kind: 'induction',
      entry: 'f',
      pairs: [['(1,)', '2']],
      answer:
        'class A(int):\n    def __eq__(self, other):\n        return True\n\ndef f(x):\n    return A(x)',
    },
    'wrong/unencodable',
  ],
  [
    'endless',
    { kind: 'induction', entry: 'f', pairs: [['(1,)', '2']], answer: 'def f(x):\n    while True: pass' },
    'wrong/limit',
  ],
  [
    'no entry',
    { kind: 'induction', entry: 'f', pairs: [['(1,)', '2']], answer: 'def g(x):\n    return 2' },
    'wrong/no-entry',
  ],
  [
    'dice',
    {
      program: 'import random\ndef f(x):\n    return random.random()',
      entry: 'f',
      kind: 'deduction',
      call: '(1,)',
      answer: '0.5',
    },
    'unjudgeable/drifts',
  ],
  [
    'broken program',
    { program: 'def f(x):\n    return x +', entry: 'f', kind: 'deduction', call: '(1,)', answer: '1' },
    'unjudgeable/program-fails',
  ],
  ['no record', 'this is no JSON', 'unjudgeable/bad-record'],
];

describe('autodidact judge', () => {
  let data = '';
  let results: JudgeResult[] = [];
  let code: number | null = null;

  beforeAll(async () => {
    data = await mkdtemp(path.join(os.tmpdir(), 'autodidact-judge-'));
    const input = lines
      .map(([id, line]) => (typeof line === 'string' ? line : JSON.stringify({ id, mine: 1, ...line })))
      .join('\n');
    const run = await autodidact(['judge'], data, `${input}\n`);
    code = run.code;
    results = records(run.stdout).map((record) => JudgeResult.parse(record));
  }, 120_000);
  afterAll(() => rm(data, { recursive: true, force: true }));

  it('gives one line for each line, in order, and ends well', () => {
    expect(code).toBe(0);
    expect(results.map(({ id }) => id)).toEqual(
      lines.map(([id, line]) => (typeof line === 'string' ? null : id)),
    );
  });

  it.each(lines.map(([id, , expected], index) => ({ id, expected, index })))(
    '$id → $expected',
    ({ expected, index }) => {
      const result = results[index];
      expect([result?.verdict, result?.reason].filter((part) => part !== undefined).join('/')).toBe(expected);
    },
  );

  it('keeps the fields that a line came with and says what judged it', () => {
    expect(results[0]).toMatchObject({
      mine: 1,
      answer: ' [2, 3]\n',
      value: '[2, 3]',
      relation: 'sameValue',
      backend: expect.stringMatching(/^(native|pyodide)$/),
    });
  });
});
