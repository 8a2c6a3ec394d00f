import { describe, expect, it } from 'vitest';
import type { JudgeRecord } from '../../../protocol/judge.ts';
import { type Script, scriptedSandbox } from '../../../test/support/scripted-sandbox.ts';
import type { Result } from '../sandbox/sandbox.ts';
import { SandboxError } from '../sandbox/sandbox-error.ts';
import { readValue } from '../values/literal-reader.ts';
import { judge } from './judge.ts';

const never = new AbortController().signal;
const drifts = { outcome: 'drifts' } as const;
const syntax = { outcome: 'refused', reason: 'syntax' } as const;
const noEntry = { outcome: 'refused', reason: 'no-entry' } as const;
const arity = { outcome: 'refused', reason: 'arguments' } as const;
const limit = { outcome: 'limit', limit: 'cpu' } as const;
const nan: Result = { outcome: 'ok', value: { type: 'list', items: [{ type: 'float', value: Number.NaN }] } };
const unencodable = { outcome: 'unencodable', what: 'object' } as const;
const crash = { outcome: 'crash', signal: 'trap' } as const;
const raises = (type: string): Result => ({ outcome: 'exception', type });

function gives(text: string): Result {
  const read = readValue(text);
  if (!read.ok) throw new TypeError(text);
  return { outcome: 'ok', value: read.value };
}

/** The program gives this on every call; its top level runs through unless `loads` says otherwise. */
const always =
  (found: ReturnType<Script>, loads: ReturnType<Script> = gives('None')): Script =>
  ({ entry }) =>
    entry === 'f' ? found : loads;

async function judged(record: JudgeRecord, script: Script): Promise<string> {
  const { verdict, value } = await judge(record, scriptedSandbox(script), never);
  const reason = 'reason' in verdict ? `/${verdict.reason}` : '';
  return `${verdict.verdict}${reason}${value === undefined ? '' : ` ${value}`}`;
}

describe('deduction', () => {
  const record: JudgeRecord = { kind: 'deduction', program: 'P', entry: 'f', call: '(1,)', answer: '2' };

  it.each<[string, { output?: string; answer?: string; call?: string }, ReturnType<Script>, string]>([
    ['the program’s output', {}, gives('2'), 'right 2'],
    ['white space around it', { answer: ' 2\n' }, gives('2'), 'right 2'],
    ['another order of a dict', { answer: '{2: 0, 1: 0}' }, gives('{1: 0, 2: 0}'), 'right {1: 0, 2: 0}'],
    ['another value', {}, gives('3'), 'wrong/different 3'],
    ['another type', { answer: '1' }, gives('True'), 'wrong/different True'],
    ['another sign of zero', { answer: '0.0' }, gives('-0.0'), 'wrong/different -0.0'],
    ['prose', { answer: 'It is 2' }, gives('2'), 'wrong/malformed 2'],
    ['a fence', { answer: '```\n2\n```' }, gives('2'), 'wrong/malformed 2'],
    ['nothing', { answer: '' }, gives('2'), 'wrong/malformed 2'],
    ['an expression', { answer: '1 + 1' }, gives('2'), 'wrong/malformed 2'],
    ['NaN', { answer: "float('nan')" }, gives('2'), 'wrong/malformed 2'],
    ['an exception where a value comes', { answer: 'raise KeyError' }, gives('2'), 'wrong/different 2'],
    [
      'the exception that was to come',
      { output: 'raise KeyError', answer: 'raise KeyError' },
      raises('KeyError'),
      'right raise KeyError',
    ],
    [
      'another exception',
      { output: 'raise KeyError', answer: 'raise IndexError' },
      raises('KeyError'),
      'wrong/different raise KeyError',
    ],
    [
      'a value where an exception comes',
      { output: 'raise KeyError' },
      raises('KeyError'),
      'wrong/different raise KeyError',
    ],
    ['a given output that came', { output: '2' }, gives('2'), 'right 2'],
    ['a given output that did not', { output: '3' }, gives('2'), 'unjudgeable/gold-mismatch 2'],
    ['a given output of another type', { output: '2.0' }, gives('2'), 'unjudgeable/gold-mismatch 2'],
    [
      'a given exception where another came',
      { output: 'raise KeyError' },
      raises('OSError'),
      'unjudgeable/gold-mismatch raise OSError',
    ],
    [
      'an exception that nobody foresaw',
      { answer: 'raise KeyError' },
      raises('KeyError'),
      'unjudgeable/program-fails raise KeyError',
    ],
    ['a call that is no tuple', { call: '1' }, gives('2'), 'unjudgeable/bad-record'],
    ['a given output that is none', { output: 'two' }, gives('2'), 'unjudgeable/bad-record'],
    ['a given NaN', { output: "float('nan')" }, nan, 'unjudgeable/gold-unencodable'],
    ['a NaN inside of what came', {}, nan, 'unjudgeable/gold-unencodable'],
    ['what has no form', {}, unencodable, 'unjudgeable/gold-unencodable'],
    ['drift', {}, drifts, 'unjudgeable/drifts'],
    ['a limit', {}, limit, 'unjudgeable/program-fails'],
    ['a crash', {}, crash, 'unjudgeable/program-fails'],
    ['no syntax', {}, syntax, 'unjudgeable/program-fails'],
    ['no entry', {}, noEntry, 'unjudgeable/program-fails'],
    ['a call that does not fit', {}, arity, 'unjudgeable/program-fails'],
  ])('%s', async (_, change, found, expected) =>
    expect(await judged({ ...record, ...change }, always(found))).toBe(expected),
  );

  it('a foreseen exception does not count where the program’s top level raises it', async () => {
    const raised = always(raises('ImportError'), raises('ImportError'));
    expect(
      await judged({ ...record, output: 'raise ImportError', answer: 'raise ImportError' }, raised),
    ).toBe('unjudgeable/program-fails raise ImportError');
  });
});

describe('abduction', () => {
  const record: JudgeRecord = { kind: 'abduction', program: 'P', entry: 'f', output: '2', answer: '(1,)' };

  it.each<[string, { output?: string; answer?: string }, ReturnType<Script>, string]>([
    ['a call that gives it', {}, gives('2'), 'right 2'],
    ['a call that does not', {}, gives('3'), 'wrong/different 3'],
    ['a call that gives another type', { output: '1' }, gives('True'), 'wrong/different True'],
    ['a value that is no tuple', { answer: '1' }, gives('2'), 'wrong/malformed'],
    ['a way out of a template', { answer: '0) or True or f(0' }, gives('2'), 'wrong/malformed'],
    ['a keyword', { answer: '(x=1)' }, gives('2'), 'wrong/malformed'],
    ['too many arguments', {}, arity, 'wrong/arity'],
    ['a call that raises', {}, raises('TypeError'), 'wrong/raised raise TypeError'],
    [
      'a call that raises what it must',
      { output: 'raise TypeError' },
      raises('TypeError'),
      'right raise TypeError',
    ],
    [
      'a call that raises something else',
      { output: 'raise TypeError' },
      raises('KeyError'),
      'wrong/raised raise KeyError',
    ],
    ['a call that does not end', {}, limit, 'wrong/limit'],
    ['a call that gives a NaN', {}, nan, 'wrong/unencodable'],
    ['a call that gives an object', {}, unencodable, 'wrong/unencodable'],
    ['a call that the program drifts on', {}, drifts, 'wrong/drifts'],
    ['a call that crashes', {}, crash, 'wrong/raised'],
    ['an output that is none', { output: 'two' }, gives('2'), 'unjudgeable/bad-record'],
    ['NaN as the output', { output: "float('nan')" }, gives('2'), 'unjudgeable/gold-unencodable'],
    ['no syntax', {}, syntax, 'unjudgeable/program-fails'],
    ['no entry', {}, noEntry, 'unjudgeable/program-fails'],
  ])('%s', async (_, change, found, expected) =>
    expect(await judged({ ...record, ...change }, always(found))).toBe(expected),
  );

  it.each<[string, ReturnType<Script>]>([
    ['raises', raises('NameError')],
    ['does not end', limit],
  ])('a program whose top level %s is not the answer’s fault', async (_, found) => {
    expect(await judged(record, always(found, found))).toBe('unjudgeable/program-fails');
    expect(await judged({ ...record, output: 'raise NameError' }, always(found, found))).toBe(
      'unjudgeable/program-fails',
    );
  });

  it('a given call is checked, and only a given one', async () => {
    const script: Script = ({ call }) => gives(call[0]?.type === 'int' ? '2' : '3');
    expect(await judged({ ...record, call: '(5,)' }, script)).toBe('right 2');
    expect(await judged({ ...record, call: "('a',)" }, script)).toBe('unjudgeable/gold-mismatch');
    expect(await judged({ ...record, call: '5' }, script)).toBe('unjudgeable/bad-record');
    expect(await judged({ ...record, call: '(5,)' }, always(drifts))).toBe('unjudgeable/drifts');
  });
});

describe('induction', () => {
  const pairs: [string, string][] = [
    ['(1,)', '2'],
    ['(2,)', '3'],
  ];
  const record = { kind: 'induction', entry: 'f', pairs, answer: ' solver \n' } as const;
  /** What the solver's program finds on the second call; on the first it is right. */
  const second =
    (found: ReturnType<Script>): Script =>
    ({ program, entry, call: [argument] }) => {
      if (entry !== 'f') return gives('None');
      const isFirst = argument?.type === 'int' && argument.value === 1n;
      if (program !== 'solver') return gives(isFirst ? '2' : '3');
      return isFirst ? gives('2') : found;
    };

  it.each<[string, ReturnType<Script>, string]>([
    ['a program that gives all pairs', gives('3'), 'right'],
    ['one that gives something else on one of them', gives('2'), 'wrong/different'],
    ['another type', gives('3.0'), 'wrong/different'],
    ['an exception', raises('KeyError'), 'wrong/raised'],
    ['other parameters', arity, 'wrong/arity'],
    ['no entry', noEntry, 'wrong/no-entry'],
    ['no syntax, as prose and fences have none', syntax, 'wrong/malformed'],
    ['an end that does not come', limit, 'wrong/limit'],
    ['a NaN', nan, 'wrong/unencodable'],
    ['an object that is equal to everything', unencodable, 'wrong/unencodable'],
    ['drift', drifts, 'wrong/drifts'],
    ['a forbidden call', { outcome: 'violation', what: 'socket' }, 'wrong/raised'],
    ['a crash', crash, 'wrong/raised'],
  ])('%s', async (_, found, expected) => expect(await judged(record, second(found))).toBe(expected));

  it('a given program is checked on every pair first', async () => {
    const given = { ...record, program: 'P' };
    expect(await judged(given, second(gives('3')))).toBe('right');
    const wrongGold = { ...given, pairs: [...pairs, ['(9,)', '9']] as [string, string][] };
    expect(await judged(wrongGold, second(gives('3')))).toBe('unjudgeable/gold-mismatch');
    expect(await judged(given, always(syntax))).toBe('unjudgeable/program-fails');
  });

  it('an exception is given by a call, not by a program that does not load', async () => {
    const raising = { ...record, pairs: [['(1,)', 'raise ValueError']] as [string, string][] };
    expect(await judged(raising, always(raises('ValueError')))).toBe('right');
    expect(await judged(raising, always(raises('ValueError'), raises('ValueError')))).toBe('wrong/raised');
  });

  it.each([[[['1', '2']]], [[['(1,)', 'two']]]])('a pair that is none: %j', async (broken) => {
    const bad = { ...record, pairs: broken as [string, string][] };
    expect(await judged(bad, always(gives('2')))).toBe('unjudgeable/bad-record');
  });

  it('the solver’s program never runs beside an expected output', async () => {
    const sandbox = scriptedSandbox(second(gives('3')));
    await judge(record, sandbox, never);
    expect(sandbox.asked.map(({ program, entry, call }) => ({ program, entry, call }))).toEqual([
      { program: 'solver', entry: 'f', call: [{ type: 'int', value: 1n }] },
      { program: 'solver', entry: 'f', call: [{ type: 'int', value: 2n }] },
    ]);
    for (const execution of sandbox.asked)
      expect(Object.keys(execution).sort()).toEqual(['call', 'entry', 'program']);
  });

  it('an empty answer is malformed', async () =>
    expect(await judged({ ...record, answer: ' \n' }, always(gives('2')))).toBe('wrong/malformed'));
});

describe('the sandbox', () => {
  const record = { kind: 'deduction', program: 'P', entry: 'f', call: '(1,)', answer: '2' } as const;

  it('broken: no answer is to blame', async () => {
    const broken: Script = () => {
      throw new SandboxError('broken', 'It does not start.');
    };
    expect(await judged(record, broken)).toBe('unjudgeable/sandbox');
  });

  it('an error of ours is not hidden as one of the sandbox', async () => {
    const mistaken: Script = () => {
      throw new TypeError('mistake');
    };
    await expect(judged(record, mistaken)).rejects.toThrow('mistake');
  });

  it('aborting rejects', async () => {
    const sandbox = scriptedSandbox(always(gives('2')));
    await expect(judge(record, sandbox, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('is asked once for what does not change, and again for what may', async () => {
    const settled = scriptedSandbox(always(gives('2')));
    for (const answer of ['2', '3', '4']) await judge({ ...record, answer }, settled, never);
    expect(settled.asked.length).toBe(1);
    const wavering = scriptedSandbox(always(limit));
    for (const answer of ['2', '3', '4']) await judge({ ...record, answer }, wavering, never);
    expect(wavering.asked.length).toBe(3);
  });
});

it('compares by the relation that is asked for, also what the record says with what its program gives', async () => {
  const record = { kind: 'deduction', program: 'P', entry: 'f', call: '(1,)', output: '1' } as const;
  const by = async (relation: 'sameValue' | 'pyEqual', answer: string) => {
    const sandbox = scriptedSandbox(always(gives('True')));
    const judged = await judge({ ...record, answer }, sandbox, never, relation);
    return [judged.relation, 'reason' in judged.verdict ? judged.verdict.reason : judged.verdict.verdict];
  };
  expect(await by('pyEqual', '1.0')).toEqual(['pyEqual', 'right']);
  expect(await by('pyEqual', '2')).toEqual(['pyEqual', 'different']);
  expect(await by('sameValue', 'True')).toEqual(['sameValue', 'gold-mismatch']);
});
