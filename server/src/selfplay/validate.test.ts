import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Kind } from '../../../protocol/kind.ts';
import type { Pair, Task } from '../../../protocol/task.ts';
import { openedStore } from '../../../test/support/opened-store.ts';
import { trivialContext } from '../judge/trivial-context.ts';
import { HeldOut } from '../mining/splits/held-out.ts';
import { decide } from '../review/decide.ts';
import { createSandbox } from '../sandbox/create-sandbox.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { abductionId } from '../tasks/from-seeds.ts';
import type { Candidate } from '../tasks/kind-spec.ts';
import { readCall } from '../values/literal-reader.ts';
import { writeValue } from '../values/literal-writer.ts';
import { Archive, type ArchivedProgram } from './archive.ts';
import { validateMessage } from './describe.ts';
import { knownIn, type Validated, validateCall } from './validate.ts';

const { signal } = new AbortController();
const program = 'def clip(x, low):\n    if x < low:\n        return low\n    return x * 10 + 1\n';
const entry = 'clip';
const backend = { name: 'pyodide', version: '314.0.7', python: '3.14.2' } as const;

function mined(call: string, output: string): Task {
  const unit = {
    folder: '/w',
    file: 'a.py',
    symbol: 'clip',
    line: 1,
    endLine: 4,
    unitHash: 'u',
    fileHash: 'h',
    commit: null,
  };
  const common = {
    unit,
    proposedBy: null,
    state: 'open',
    split: 'train',
    trivial: null,
    backend,
    createdAt: '',
  } as const;
  return { kind: 'deduction', id: call, program, entry, call, output, origin: 'mined', ...common };
}

function archiveOf(tasks: readonly Task[]): { archive: Archive; reference: ArchivedProgram } {
  const archive = new Archive(tasks);
  const reference = archive.program({ program, entry });
  if (reference === undefined) throw new TypeError('The archive lost its program.');
  return { archive, reference };
}

const known = [mined('(3, 1)', '31'), mined('(0, 2)', '2')];
const heldOut = new HeldOut();
const isKnown = () => Promise.resolve(false);
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createSandbox({}, signal);
}, 120_000);
afterAll(() => sandbox.close());

function validate(
  candidate: Partial<Extract<Candidate, { type: 'call' }>>,
  kind: Kind = 'deduction',
): Promise<Validated> {
  const { archive, reference } = archiveOf(known);
  const origin = { kind, groupId: 'group', reference, unit: reference.unit };
  const now = () => '2026-01-01T00:00:00.000Z';
  const parts = { archive, heldOut, trivial: trivialContext(known), sandbox, isKnown, now };
  return validateCall({ type: 'call', program, entry, call: '(7, 1)', ...candidate }, origin, parts, signal);
}

const told = ({ verdict }: Validated) =>
  'reason' in verdict ? `${verdict.verdict} ${verdict.reason}` : verdict.verdict;

describe('a proposed call or program', () => {
  const written = (body: string) => ({ program: `def g(x):\n    ${body}\n`, entry: 'g', call: '(7,)' });
  it.each([
    ['a new call', { call: '(7, 1)' }, 'valid'],
    ['a call in other words', { call: '(3,  1,)' }, 'not-new same-call'],
    ['a call on the same branches to the same output', { call: '(1, 2)' }, 'not-new same-branches'],
    ['no literal', { call: '(len("a"), 1)' }, 'invalid malformed'],
    ['too few arguments', { call: '(7,)' }, 'invalid arguments'],
    ['a call that raises', { call: "('a', 1)" }, 'invalid exception'],
    ['a new program', written('return [x, x + 3]'), 'valid'],
    [
      'the reference with other names',
      { program: program.replaceAll('x', 'n').replaceAll('clip', 'cut'), entry: 'cut', call: '(7, 1)' },
      'not-new same-program',
    ],
    [
      'another program with the reference’s behaviour',
      { program: 'def h(a, b):\n    return b if b > a else 1 + 10 * a\n', entry: 'h', call: '(7, 1)' },
      'not-new same-behaviour',
    ],
    ['no syntax', written('return ]'), 'invalid syntax'],
    ['nothing returned', written('print(x)'), 'invalid none-output'],
    ['chance', written('import random; return random.random() + x'), 'invalid drifts'],
    ['no end', written('while True: pass'), 'invalid limit'],
    ['the way out', written('import js; return js.process'), 'invalid violation'],
    ['an object', written('return object()'), 'invalid unencodable'],
    ['a long output', written('return "ab" * 300'), 'invalid too-large'],
    ['its argument', written('return x'), 'trivial argument'],
    ['an empty value', written('return []'), 'trivial empty-value'],
  ])(
    'that is %s',
    async (_name, candidate, expected) => {
      expect(told(await validate(candidate))).toBe(expected);
    },
    40_000,
  );

  it('that is a task already, by another call to the same output, is not new and replaces no record', async () => {
    const { store } = await openedStore();
    const [first] = known;
    if (first?.kind !== 'deduction') throw new TypeError('Nothing is known.');
    const { archive, reference } = archiveOf(known);
    // On the other branch, to the output of a call that was mined.
    const candidate = { type: 'call', program, entry, call: '(0, 31)' } as const;
    const origin = { kind: 'abduction', groupId: 'group', reference, unit: reference.unit } as const;
    const parts = { archive, heldOut, trivial: trivialContext(known), sandbox, now: () => '' };
    const validated = () => validateCall(candidate, origin, { ...parts, isKnown: knownIn(store) }, signal);
    expect(told(await validated())).toBe('valid');
    const id = abductionId(program, entry, '31');
    await store.putTasks([{ ...first, kind: 'abduction', id, state: 'retired' }]);
    expect(told(await validated())).toBe('not-new same-task');
  }, 40_000);

  it('of a pattern that people rejected is not executed, whatever its names; of another kind it is', async () => {
    const { store } = await openedStore();
    const [first] = known;
    if (first === undefined) throw new TypeError('Nothing is known.');
    await store.putTasks([first]);
    const desk = { store, reviewer: 'ann', now: () => '2026-01-01T00:00:00.000Z' };
    await decide(first, { decision: 'reject', reason: 'unrealistic' }, desk);
    const { archive, reference } = archiveOf(known);
    await archive.reviewed.refresh(store);
    const executing = { ...sandbox, verify: vi.fn(sandbox.verify) };
    const validated = (kind: Kind) =>
      validateCall(
        { type: 'call', program, entry, call: '(7, 1)' },
        { kind, groupId: 'group', reference, unit: reference.unit },
        { archive, heldOut, trivial: trivialContext(known), sandbox: executing, isKnown, now: desk.now },
        signal,
      );
    expect(told(await validated('deduction'))).toBe('not-new rejected-pattern');
    expect(executing.verify).not.toHaveBeenCalled();
    expect(told(await validated('abduction'))).toBe('valid');
  }, 40_000);

  it.each([
    ['both functions', 'return [clip(x, 1), spell(x)]', 'valid'],
    ['one of them only', 'return [clip(x, 1), x]', 'invalid not-composed'],
    [
      'both and gives what one of them gives alone',
      'clip(x, 1)\n    return spell(x)',
      'not-new same-behaviour',
    ],
    ['both and gives what both give', 'return spell(clip(x, 1))', 'valid'],
  ])(
    'that composes functions and calls %s',
    async (_name, body, expected) => {
      const spelling = 'def spell(x):\n    return f"{x} is {x}"\n';
      const spelled: Task = { ...mined("('a',)", "'a is a'"), program: spelling, entry: 'spell' };
      const archive = new Archive([...known, spelled]);
      const composed = archive.references();
      const [reference] = composed;
      if (reference === undefined) throw new TypeError('The archive lost its program.');
      const written = `${program}\n${spelling}\ndef both(x):\n    ${body}\n`;
      const validated = await validateCall(
        { type: 'call', program: written, entry: 'both', call: '(7,)' },
        { kind: 'deduction', groupId: 'group', reference, unit: reference.unit, composed },
        { archive, heldOut, trivial: trivialContext(known), sandbox, isKnown, now: () => '' },
        signal,
      );
      expect(told(validated)).toBe(expected);
    },
    40_000,
  );

  it('becomes a task whose gold is what execution returned', async () => {
    expect((await validate({ call: '(7, 1)' })).task).toMatchObject({
      kind: 'deduction',
      call: '(7, 1)',
      output: '71',
      origin: 'proposed',
      proposedBy: 'group',
    });
    expect((await validate({ call: '(7, 1)' }, 'abduction')).task).toMatchObject({
      kind: 'abduction',
      output: '71',
    });
    expect((await validate({ call: '(7, 1)' }, 'induction')).task).toMatchObject({
      kind: 'deduction',
      output: '71',
    });
  }, 40_000);
});

describe('a proposed message', () => {
  const calls: Pair[] = [3, 4, 5, 6, 7, 8, 9].map((x) => [`(${x}, 1)`, `${x}1`]);
  const describeProgram = async (message: string, pairs: readonly Pair[] = calls) => {
    const tasks = pairs.map(([call, output]) => mined(call, output));
    const { archive, reference } = archiveOf(tasks);
    const origin = { kind: 'induction', groupId: 'group', reference, unit: reference.unit } as const;
    const parts = { archive, heldOut, trivial: trivialContext(tasks), sandbox, isKnown, now: () => '' };
    const candidate = { type: 'message', program, entry, message } as const;
    const validated = await validateMessage(candidate, origin, parts, signal);
    if (validated.task !== undefined) archive.add(validated.task);
    const again = await validateMessage(candidate, origin, parts, signal);
    return { validated, again };
  };

  it('makes a task with shown and hidden pairs that have no call in common', async () => {
    const { validated } = await describeProgram('Puts a one behind the number.');
    expect(told(validated)).toBe('valid');
    if (validated.task?.kind !== 'induction') throw new TypeError('It is no induction task.');
    const { shown, hidden } = validated.task;
    expect(shown).toHaveLength(3);
    expect(hidden.length).toBeGreaterThanOrEqual(5);
    expect(new Set([...shown, ...hidden].map(([call]) => call)).size).toBe(shown.length + hidden.length);
  });

  it('makes the same task as an equal one, and a task with the same pairs as another one', async () => {
    const one = (await describeProgram('Puts a one behind the number.')).validated.task;
    const equal = (await describeProgram('Puts a one behind the number.')).validated.task;
    const other = (await describeProgram('Writes the digit one after it.')).validated.task;
    expect(equal?.id).toBe(one?.id);
    expect(other?.id).not.toBe(one?.id);
    expect(other).toMatchObject(
      one?.kind === 'induction' ? { shown: one.shown, hidden: one.hidden } : { kind: 'none' },
    );
  });

  it('is not new for the same program and calls', async () => {
    expect(told((await describeProgram('Puts a one behind the number.')).again)).toBe('not-new same-message');
  });

  it.each([
    ['too short', 'A function.', 'invalid malformed'],
    ['its code', 'It does return x * 10 + 1 at the end.', 'invalid leaks'],
    ['a call', 'Something like clip(9, 1) gives it.', 'invalid leaks'],
  ])('that holds %s is refused', async (_name, message, expected) => {
    expect(told((await describeProgram(message)).validated)).toBe(expected);
  });

  it('needs no more than one known pair: the generator gives further ones, which are verified', async () => {
    const { validated } = await describeProgram('Puts a one behind the number.', calls.slice(0, 1));
    if (validated.task?.kind !== 'induction') throw new TypeError('It is no induction task.');
    for (const [call, output] of [...validated.task.shown, ...validated.task.hidden]) {
      const read = readCall(call);
      if (!read.ok) throw new TypeError(call);
      const ran = await sandbox.run({ program, entry, call: read.value }, signal);
      expect(ran.outcome === 'ok' && writeValue(ran.value)).toBe(output);
    }
  });
});

describe('what runs and is new, and is not worth solving', () => {
  it('is an abduction that many calls solve', async () => {
    const sign = 'def sign(x):\n    return 5 if x > 5 or x < 0 else x - 7\n';
    const proposed = { program: sign, entry: 'sign', call: '(88,)' };
    expect(told(await validate(proposed, 'abduction'))).toBe('not-worth easily-found');
    expect(told(await validate(proposed, 'deduction'))).toBe('valid');
  }, 40_000);

  it('is a message for a program with too few outputs', async () => {
    const flag = 'def flag(x):\n    return "many" if x > 3 else "few"\n';
    const tasks = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((x) => ({
      ...mined(`(${x},)`, x > 3 ? "'many'" : "'few'"),
      program: flag,
      entry: 'flag',
    }));
    const archive = new Archive(tasks);
    const [reference] = archive.references();
    if (reference === undefined) throw new TypeError('The archive lost its program.');
    const origin = { kind: 'induction', groupId: 'group', reference, unit: reference.unit } as const;
    const parts = { archive, heldOut, trivial: trivialContext(tasks), sandbox, isKnown, now: () => '' };
    const candidate = {
      type: 'message',
      program: flag,
      entry: 'flag',
      message: 'Says how much it is.',
    } as const;
    expect(told(await validateMessage(candidate, origin, parts, signal))).toBe('not-worth few-outputs');
  }, 40_000);
});
