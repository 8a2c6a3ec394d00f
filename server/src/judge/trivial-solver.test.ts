import { describe, expect, it } from 'vitest';
import type { Task } from '../../../protocol/task.ts';
import { exampleAbduction, exampleDeduction, exampleInduction } from '../../../test/support/example-tasks.ts';
import { type Script, scriptedSandbox } from '../../../test/support/scripted-sandbox.ts';
import type { Result } from '../sandbox/sandbox.ts';
import { readCall, readValue } from '../values/literal-reader.ts';
import { writeCall } from '../values/literal-writer.ts';
import { distance } from './nearest.ts';
import { trivialContext } from './trivial-context.ts';
import { trivialSolver } from './trivial-solver.ts';

const never = new AbortController().signal;
const runsNothing: Script = () => {
  throw new TypeError('Nothing is to be run.');
};

function solver(task: Task, set: readonly Task[] = [], script: Script = runsNothing) {
  return trivialSolver(task, trivialContext(set), scriptedSandbox(script), never);
}

/** Deduction tasks of as many different calls, with this output. */
function others(output: string, count: number, program = 'other'): Task[] {
  return Array.from({ length: count }, (_, index) =>
    exampleDeduction({ program, call: `(${index},)`, output }),
  );
}

describe('deduction', () => {
  it.each([
    ['(1, [2])', '[2]', 'argument'],
    ['(1,)', '1.0', null],
    ["('a',)", "''", 'empty-value'],
    ['(7,)', '0', 'empty-value'],
    ['(7,)', 'None', 'empty-value'],
    ['([1],)', '()', 'empty-value'],
    ['(7,)', '49', null],
    ['(7,)', 'raise ValueError', null],
  ])('%s → %s: %s', async (call, output, expected) =>
    expect(await solver(exampleDeduction({ call, output }))).toBe(expected),
  );

  it('the commonest output of its type', async () => {
    const task = exampleDeduction({ call: "('a',)", output: 'True' });
    const set = [task, ...others('True', 3), ...others('5', 9, 'numbers')];
    expect(await solver(task, set)).toBe('commonest-output');
    expect(await solver(task, [...set, ...others('False', 4, 'liars')])).toBe(null);
    expect(await solver(exampleDeduction({ output: 'raise KeyError' }), others('raise KeyError', 2))).toBe(
      'commonest-output',
    );
  });

  it('its own call does not make an output common, nor does one other', async () => {
    const task = exampleDeduction({ call: "('a',)", output: 'True' });
    expect(await solver(task, [task, ...others('True', 1)])).toBe(null);
    expect(await solver(task, others('True', 2))).toBe('commonest-output');
  });

  it('one call counts once, whatever tasks were made of it', async () => {
    const { program, entry, call, output } = exampleDeduction();
    const again = [exampleDeduction(), exampleAbduction({ program, entry, call, output })];
    expect(await solver(exampleDeduction({ call: '(6,)' }), again)).toBe(null);
  });
});

describe('abduction', () => {
  /** A program by its known pairs; any other call raises. */
  const gives =
    (pairs: Record<string, string>): Script =>
    ({ call }): Result => {
      const read = readValue(pairs[writeCall(call)] ?? '');
      return read.ok ? { outcome: 'ok', value: read.value } : { outcome: 'exception', type: 'KeyError' };
    };
  const task = exampleAbduction({ call: "([1], 'a')", output: '3' });

  it.each<[string, Record<string, string>, string | null]>([
    ['the output as the only argument', { '(3,)': '3' }, 'output-as-call'],
    ['empty values', { "([], '')": '3' }, 'empty-arguments'],
    ['empty values of one type', { "('', '')": '3' }, 'empty-arguments'],
    ['neither', { '(3,)': '4', "([], '')": '0' }, null],
  ])('%s', async (_, pairs, expected) => expect(await solver(task, [], gives(pairs))).toBe(expected));

  it('an exception that empty values raise', async () =>
    expect(await solver({ ...task, output: 'raise KeyError' }, [], gives({}))).toBe('empty-arguments'));

  it('the program’s commonest call, the task’s own left out', async () => {
    const { program, entry } = task;
    const known = (call: string, output: string) => exampleDeduction({ program, entry, call, output });
    expect(await solver(task, [task, known("([2], 'b')", '3')], gives({}))).toBe('commonest-call');
    expect(await solver(task, [task], gives({}))).toBe(null);
    const twice = [known("([3], 'c')", '4'), known("([3], 'c')", '4'), known("([2], 'b')", '3')];
    expect(await solver(task, twice, gives({}))).toBe(null);
    expect(await solver(task, [known("([2], 'b')", '3'), known("([3], 'c')", '3')], gives({}))).toBe(null);
  });

  it('an output too large to be an argument is no call', async () => {
    const output = `'${'a'.repeat(16_370)}'`;
    expect(await solver({ ...task, output }, [], gives({}))).toBe(null);
  });
});

describe('induction', () => {
  it.each<[string, [string, string][], [string, string][], string | null]>([
    [
      'the argument',
      [['(1,)', '1']],
      [
        ['(2,)', '2'],
        ["('a',)", "'a'"],
      ],
      'identity',
    ],
    [
      'the second argument',
      [['(1, 2)', '2']],
      [
        ['(3, 4)', '4'],
        ['(5, 6)', '6'],
      ],
      'identity',
    ],
    [
      'one value',
      [['(1,)', '7']],
      [
        ['(2,)', '7'],
        ['(3,)', '7'],
      ],
      'constant',
    ],
    [
      'a value that was not shown',
      [['(1,)', '6']],
      [
        ['(2,)', '7'],
        ['(3,)', '7'],
      ],
      null,
    ],
    [
      'calls that were shown',
      [
        ['(1,)', '5'],
        ['(2,)', '6'],
      ],
      [
        ['(2,)', '6'],
        ['(1,)', '5'],
      ],
      'shown-table',
    ],
    [
      'calls near to shown ones',
      [
        ['(1,)', "'few'"],
        ['(90,)', "'many'"],
      ],
      [
        ['(2,)', "'few'"],
        ['(80,)', "'many'"],
      ],
      'nearest-shown',
    ],
    [
      'what has to be computed',
      [
        ['(1,)', '2'],
        ['(2,)', '4'],
      ],
      [
        ['(3,)', '6'],
        ['(9,)', '18'],
      ],
      null,
    ],
  ])('%s', async (_, shown, hidden, expected) =>
    expect(await solver(exampleInduction({ shown, hidden }))).toBe(expected),
  );
});

describe('nearness', () => {
  const value = (text: string) => {
    const read = readCall(text);
    if (!read.ok) throw new TypeError(text);
    return { type: 'tuple', items: read.value } as const;
  };

  it.each([
    ['(10,)', '(11,)', '(20,)'],
    ['(10,)', '(9.5,)', "('10',)"],
    ["('apple',)", "('apples',)", "('pear',)"],
    ["('xyz',)", "('wxyz',)", "('x',)"],
    ['([1, 2, 3],)', '([1, 2, 4],)', '([7, 8, 9],)'],
    ['({1: 2, 3: 4},)', '({1: 2},)', '({5: 6},)'],
    ['(1, 1)', '(1, 2)', '(5, 5)'],
    ['(1,)', '(1,)', '(True,)'],
  ])('%s is nearer to %s than to %s', (from, near, far) => {
    expect(distance(value(from), value(near))).toBeLessThan(distance(value(from), value(far)));
    expect(distance(value(near), value(from))).toBe(distance(value(from), value(near)));
    expect(distance(value(from), value(from))).toBe(0);
  });
});
