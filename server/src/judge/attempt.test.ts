import { describe, expect, it } from 'vitest';
import type { Finish } from '../../../protocol/group.ts';
import type { ExecutedTask } from '../../../protocol/task.ts';
import { exampleAbduction, exampleDeduction, exampleInduction } from '../../../test/support/example-tasks.ts';
import { type Script, scriptedSandbox } from '../../../test/support/scripted-sandbox.ts';
import { SandboxError } from '../sandbox/sandbox-error.ts';
import { judgeAttempt } from './attempt.ts';

const never = new AbortController().signal;

/** What `double` of the example tasks does. */
const doubles: Script = ({ call: [argument] }) =>
  argument?.type === 'int'
    ? { outcome: 'ok', value: { type: 'int', value: argument.value * 2n } }
    : { outcome: 'exception', type: 'TypeError' };

async function attempted(
  task: ExecutedTask,
  answer: string | null,
  finish: Finish = 'delimiter',
  script = doubles,
) {
  const sandbox = scriptedSandbox(script);
  const verdict = await judgeAttempt(task, answer, finish, sandbox, never);
  return { verdict: 'reason' in verdict ? verdict.reason : verdict.verdict, asked: sandbox.asked };
}

describe('without an answer', () => {
  it.each<[Finish, string]>([
    ['length', 'cut'],
    ['stall', 'cut'],
    ['aborted', 'cut'],
    ['end', 'malformed'],
    ['delimiter', 'malformed'],
  ])('a completion that ended by %s is %s', async (finish, reason) =>
    expect(await attempted(exampleDeduction(), null, finish)).toMatchObject({ verdict: reason, asked: [] }),
  );
});

describe('deduction runs nothing: the gold was verified when the task was made', () => {
  it.each([
    ['42', 'right'],
    ['41', 'different'],
    ['42.0', 'different'],
    ['forty-two', 'malformed'],
  ])('%s is %s', async (answer, expected) =>
    expect(await attempted(exampleDeduction(), answer)).toMatchObject({ verdict: expected, asked: [] }),
  );

  it('an answer that came before the cut is judged as any other', async () =>
    expect((await attempted(exampleDeduction(), '42', 'length')).verdict).toBe('right'));
});

it.each([
  ['(21,)', 'right'],
  ['(1,)', 'different'],
  ["('a',)", 'raised'],
  ['21', 'malformed'],
])('abduction runs the answer: %s is %s', async (answer, expected) =>
  expect(
    (
      await attempted(exampleAbduction(), answer, 'delimiter', ({ entry, ...rest }) =>
        entry === 'double' ? doubles({ entry, ...rest }) : { outcome: 'ok', value: { type: 'none' } },
      )
    ).verdict,
  ).toBe(expected),
);

describe('induction runs the solver’s program alone', () => {
  const task = exampleInduction();

  it('on the hidden pairs, and on the shown ones', async () => {
    const { verdict, asked } = await attempted(task, 'solver');
    expect(verdict).toBe('right');
    expect(asked.map(({ program }) => program)).toEqual([...task.hidden, ...task.shown].map(() => 'solver'));
  });

  it('and stops at the first pair that it does not give', async () => {
    const { verdict, asked } = await attempted(task, 'solver', 'end', () => ({
      outcome: 'ok',
      value: { type: 'none' },
    }));
    expect([verdict, asked.length]).toEqual(['different', 1]);
  });
});

describe('a task that was made on another backend or Python', () => {
  const backend = { name: 'pyodide', version: '313.0.0', python: '3.13.1' } as const;

  it('has its gold checked first', async () => {
    expect((await attempted(exampleDeduction({ backend }), '42')).verdict).toBe('right');
    expect((await attempted(exampleDeduction({ backend, output: '43' }), '43')).verdict).toBe(
      'gold-mismatch',
    );
    const { verdict, asked } = await attempted(exampleInduction({ backend }), 'solver');
    expect(verdict).toBe('right');
    expect(asked[0]?.program).toBe(exampleInduction().program);
  });

  it('not for another patch version', async () => {
    const patched = { ...backend, python: '3.14.9' };
    expect((await attempted(exampleDeduction({ backend: patched }), '42')).asked).toEqual([]);
  });
});

it('a broken sandbox is no one’s wrong answer', async () => {
  const broken: Script = () => {
    throw new SandboxError('broken', 'It does not start.');
  };
  expect((await attempted(exampleAbduction(), '(21,)', 'end', broken)).verdict).toBe('sandbox');
  expect((await attempted(exampleInduction(), 'solver', 'end', broken)).verdict).toBe('sandbox');
});

it.each<[ExecutedTask, string]>([
  [exampleDeduction(), '42.0'],
  [exampleAbduction({ output: '42.0' }), '(21,)'],
  [exampleInduction({ hidden: [['(7,)', '14.0']] }), 'def double(x):\n    return 2 * x\n'],
])(
  'an answer that is right by another relation is wrong unless that one is asked for (%#)',
  async (task, answer) => {
    const sandbox = scriptedSandbox(doubles);
    const made = { ...task, backend: sandbox.backend };
    expect(await judgeAttempt(made, answer, 'end', sandbox, never)).toMatchObject({ reason: 'different' });
    expect(await judgeAttempt(made, answer, 'end', sandbox, never, 'pyEqual')).toEqual({ verdict: 'right' });
  },
);
