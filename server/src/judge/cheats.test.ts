import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JudgeRecord } from '../../../protocol/judge.ts';
import { createSandbox } from '../sandbox/create-sandbox.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { judge } from './judge.ts';

/** Ways in which released judges of self-play were made to pay for nothing, and others of their like. None gets a reward. */

const { signal } = new AbortController();
let sandbox: Sandbox;

const code = (lines: string) => `def f(x):\n${lines.replaceAll(/^/gm, '    ')}\n`;

beforeAll(async () => {
  sandbox = await createSandbox({}, signal);
  // The other images start with the first verification.
  await sandbox.verify({ program: code('return x'), entry: 'f', call: [{ type: 'none' }] }, signal);
}, 120_000);
afterAll(() => sandbox.close());

async function judged(record: JudgeRecord): Promise<string> {
  const { verdict } = await judge(record, sandbox, signal);
  return 'reason' in verdict ? `${verdict.verdict}/${verdict.reason}` : verdict.verdict;
}

describe('an answer that is to be evaluated', () => {
  const record = { kind: 'deduction', program: code('return x * 2'), entry: 'f', call: '(3,)' } as const;

  it.each([
    ['the gold’s likely names', 'gold'],
    ['the program itself', 'f(3)'],
    ['arithmetic', '3 * 2'],
    ['an object that is equal to everything', "type('A', (), {'__eq__': lambda *a: True})()"],
    ['an import', "__import__('os').getpid()"],
    ['a comment', '6 # or anything else'],
    ['a format string', "f'{6}'"],
    ['a subscript', '[6][0]'],
    ['several answers', '5\n6'],
  ])('%s', async (_, answer) => expect(await judged({ ...record, answer })).toBe('wrong/malformed'));

  it.each([
    ['a bool for an int', '(1,)', 'True'],
    ['a float for an int', '(3,)', '6.0'],
    ['the text of the value', '(3,)', "'6'"],
  ])('%s', async (_, call, answer) =>
    expect(
      await judged({ ...record, program: code('return x // 1 * 2 if x > 1 else x'), call, answer }),
    ).toBe('wrong/different'),
  );
});

describe('arguments that are to become source', () => {
  const record = { kind: 'abduction', program: code('return x * 2'), entry: 'f', output: '14' } as const;

  it.each([
    '0) or True or f(0',
    '1) or (2',
    '(7)) #',
    '(f:=lambda *a: 14)',
    '(lambda *a: 14,)',
    '(print(True),)',
    "(type('A', (int,), {'__mul__': lambda *a: 14})(),)",
    '*[7],',
    '**{"x": 7}',
    '(x for x in [7])',
  ])('%s', async (answer) => expect(await judged({ ...record, answer })).toBe('wrong/malformed'));

  it('an honest call is right', async () =>
    expect(await judged({ ...record, answer: '(7,)' })).toBe('right'));
});

describe('a program that is to be believed', () => {
  const pairs: [string, string][] = [
    ['(3,)', '6'],
    ['(4,)', '8'],
  ];
  const record = { kind: 'induction', entry: 'f', pairs } as const;

  it.each<[string, string, string]>([
    [
      'an int that is equal to everything',
      `class A(int):\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n    def __hash__(self): return 6\n\n${code('return A(x)')}`,
      'wrong/unencodable',
    ],
    [
      'an object that lies about its class',
      `class A:\n    __class__ = property(lambda self: int)\n    def __eq__(self, other): return True\n\n${code('return A()')}`,
      'wrong/unencodable',
    ],
    [
      'a comparison that gives source text',
      `class A:\n    def __eq__(self, other): return "True"\n\n${code('return A()')}`,
      'wrong/unencodable',
    ],
    [
      'a payload for pickle',
      `class A:\n    def __reduce__(self): return (print, ("True",))\n\n${code('return A()')}`,
      'wrong/unencodable',
    ],
    [
      'a repr of the output',
      `class A:\n    def __repr__(self): return "6"\n\n${code('return A()')}`,
      'wrong/unencodable',
    ],
    ['printing', code('print(True)\nprint(2 * x)'), 'wrong/different'],
    ['printing at the top', `print(True)\n${code('return True')}`, 'wrong/different'],
    ['leaving early', code('import os\nos._exit(0)'), 'wrong/raised'],
    ['leaving early, politely', code('import sys\nsys.exit(0)'), 'wrong/raised'],
    ['leaving at the top', 'import sys\nsys.exit(0)\ndef f(x): return 1', 'wrong/raised'],
    [
      'another definition of equality',
      `import builtins, operator\nbuiltins.all = lambda *a: True\noperator.eq = lambda *a: True\n${code('return 0')}`,
      'wrong/different',
    ],
    ['a coin', `import random\n${code('return random.random()')}`, 'wrong/drifts'],
    ['a counter', 'n = [4]\ndef f(x):\n    n[0] += 2\n    return n[0]', 'wrong/drifts'],
    ['a hash', code('return hash(str(x))'), 'wrong/drifts'],
    ['an address', code('return id(object())'), 'wrong/drifts'],
    ['a clock', `import time\n${code('return time.time_ns()')}`, 'wrong/drifts'],
    ['a function', code('return f'), 'wrong/unencodable'],
    ['a NaN', code('return float("nan")'), 'wrong/unencodable'],
    ['waiting', code('while True: pass'), 'wrong/limit'],
    ['no entry', 'def g(x): return 2 * x', 'wrong/no-entry'],
    ['a fence', '```python\ndef f(x): return 2 * x\n```', 'wrong/malformed'],
    ['prose', 'Here is the function you asked for.', 'wrong/malformed'],
    ['a default that swallows what is missing', 'def f(x, y): return 2 * x', 'wrong/arity'],
    ['a table of what was shown', code('return {3: 6}[x]'), 'wrong/raised'],
  ])('%s', async (_, answer, expected) => expect(await judged({ ...record, answer })).toBe(expected));

  it('an honest program is right', async () =>
    expect(await judged({ ...record, answer: 'def f(x):\n    return x + x' })).toBe('right'));

  it('what stands in memory, on the stack and in the environment holds no expected output', async () => {
    const search = [
      'import gc, os, sys',
      'wanted = "sent" + "inel-of-"',
      'seen = [str(v) for v in os.environ.values()] + sys.argv',
      'frame = sys._getframe()',
      'while frame is not None:',
      '    seen += [repr(v) for v in list(frame.f_locals.values()) + list(frame.f_globals.values())]',
      '    frame = frame.f_back',
      'for o in gc.get_objects():',
      '    if isinstance(o, dict): seen += [v for v in list(o.values()) if isinstance(v, str)]',
      '    if isinstance(o, (list, tuple)): seen += [v for v in o if isinstance(v, str)]',
      'found = [s for s in seen if wanted in s and len(s) < 40]',
      'return found[0] if found else "nothing"',
    ].join('\n');
    const golden: [string, string][] = [['(1,)', "'sentinel-of-gold'"]];
    const program = code('return "sentinel-of-gold"');
    expect(await judged({ ...record, program, pairs: golden, answer: code(search) })).toBe('wrong/different');
  });

  it('what one answer breaks is whole for the next', async () => {
    const breaking = `import builtins, math, sys\nbuiltins.sorted = lambda *a: [6]\nmath.sqrt = lambda *a: 6\nsys.modules['json'] = None\n${code('return 2 * x')}`;
    expect(await judged({ ...record, answer: breaking })).toBe('right');
    const honest = code(
      'import json, math\nreturn json.loads(str(int(math.sqrt(sorted([4 * x * x, 10 ** 9])[0]))))',
    );
    expect(await judged({ ...record, answer: honest })).toBe('right');
  });
});

describe('a record that is to be unsolvable or free', () => {
  const base = { kind: 'deduction', entry: 'f', call: '(3,)', answer: "''" } as const;

  it.each([
    ['an exception without a message', code('raise StopIteration'), 'unjudgeable/program-fails'],
    ['one that says nothing is wrong', code('raise Exception("fine")'), 'unjudgeable/program-fails'],
    ['a generator', code('return (y for y in [x])'), 'unjudgeable/gold-unencodable'],
    ['an object', code('return object()'), 'unjudgeable/gold-unencodable'],
    ['NaN in a list', code('return [float("nan")]'), 'unjudgeable/gold-unencodable'],
    ['secrets', `import secrets\n${code('return secrets.token_hex()')}`, 'unjudgeable/drifts'],
    ['a hash', code('return hash("abc")'), 'unjudgeable/drifts'],
    ['the order of a set', code('return list({"a", "b", "c", "d", "e"})'), 'unjudgeable/drifts'],
    ['the environment', code('import os\nreturn sorted(os.environ.items())'), 'unjudgeable/drifts'],
    ['a value too long to keep whole', code('return "a" * 100_000'), 'unjudgeable/gold-unencodable'],
  ])('%s', async (_, program, expected) => expect(await judged({ ...base, program })).toBe(expected));

  it('a long output is compared to its end', async () => {
    const program = code('return "a" * 2000 + "b" * x');
    const answer = (last: string) => `'${'a'.repeat(2000)}bb${last}'`;
    expect(await judged({ ...base, program, answer: answer('b') })).toBe('right');
    expect(await judged({ ...base, program, answer: answer('c') })).toBe('wrong/different');
  });

  it('a helper called get_input, and a call over several lines, are as good as any', async () => {
    const program = `def get_input(x):\n    return x[0]\n\n${code('return get_input(x)')}`;
    expect(await judged({ ...base, program, call: '(\n  [6,\n   7],\n)', answer: '6' })).toBe('right');
  });

  it('an exception is an output where the record says so', async () => {
    const program = code('return 1 // (x - 3)');
    const record = { ...base, program, output: 'raise ZeroDivisionError' };
    expect(await judged({ ...record, answer: 'raise ZeroDivisionError' })).toBe('right');
    expect(await judged({ ...record, answer: 'raise ValueError' })).toBe('wrong/different');
    const find = { kind: 'abduction', program, entry: 'f', output: 'raise ZeroDivisionError' } as const;
    expect(await judged({ ...find, answer: '(3,)' })).toBe('right');
    expect(await judged({ ...find, answer: "('a',)" })).toBe('wrong/raised');
  });

  it('a program that does not load makes no exception', async () => {
    const program = 'import no_such_module\ndef f(x): return x';
    const output = 'raise ModuleNotFoundError';
    expect(await judged({ ...base, program, output, answer: output })).toBe('unjudgeable/program-fails');
    expect(await judged({ kind: 'abduction', program, entry: 'f', output, answer: '(1,)' })).toBe(
      'unjudgeable/program-fails',
    );
  });
});
