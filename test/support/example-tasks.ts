import type { SolveGroup } from '../../protocol/group.ts';
import type { UnitRef } from '../../protocol/seed.ts';
import type { AbductionTask, DeductionTask, ExplainTask, InductionTask } from '../../protocol/task.ts';

const program = 'def double(x):\n    return x * 2\n';

const unit: UnitRef = {
  folder: '/work/space',
  file: 'pkg/maths.py',
  symbol: 'double',
  line: 3,
  endLine: 4,
  unitHash: 'a'.repeat(64),
  fileHash: 'b'.repeat(64),
  commit: 'c'.repeat(40),
};

const base = {
  program,
  entry: 'double',
  unit,
  origin: 'mined',
  proposedBy: null,
  state: 'open',
  split: 'train',
  trivial: null,
  backend: { name: 'pyodide', version: '314.0.7', python: '3.14.0' },
  createdAt: '2026-01-01T00:00:00.000Z',
} as const;

/** A deduction task, with these fields changed; `at` changes those of its unit. */
export function exampleDeduction(
  change: Partial<DeductionTask> = {},
  at: Partial<UnitRef> = {},
): DeductionTask {
  return {
    ...base,
    kind: 'deduction',
    id: '1'.repeat(16),
    call: '(21,)',
    output: '42',
    ...change,
    unit: { ...unit, ...at },
  };
}

export function exampleAbduction(
  change: Partial<AbductionTask> = {},
  at: Partial<UnitRef> = {},
): AbductionTask {
  return {
    ...base,
    kind: 'abduction',
    id: '2'.repeat(16),
    call: '(21,)',
    output: '42',
    ...change,
    unit: { ...unit, ...at },
  };
}

export function exampleInduction(
  change: Partial<InductionTask> = {},
  at: Partial<UnitRef> = {},
): InductionTask {
  return {
    ...base,
    kind: 'induction',
    id: '3'.repeat(16),
    message: 'Gives twice the number.',
    shown: [
      ['(1,)', '2'],
      ['(4,)', '8'],
    ],
    hidden: [['(7,)', '14']],
    ...change,
    unit: { ...unit, ...at },
  };
}

export function exampleExplain(change: Partial<ExplainTask> = {}, at: Partial<UnitRef> = {}): ExplainTask {
  const { message: _message, kind: _kind, ...pairs } = exampleInduction();
  return { ...pairs, kind: 'explain', id: '4'.repeat(16), ...change, unit: { ...unit, ...at } };
}

/** The verdicts of a group, as far as records count them. */
export function exampleAttempts(
  taskId: string,
  right: number,
  wrong: number,
): Pick<SolveGroup, 'taskId' | 'samples'> {
  const sample = (isRight: boolean): SolveGroup['samples'][number] => ({
    index: 0,
    text: '',
    answer: '42',
    tokens: [],
    finish: 'delimiter',
    randomSeed: 1,
    promptTokens: 1,
    completionTokens: 1,
    promptMs: 1,
    completionMs: 1,
    trainable: true,
    reward: { total: 0, parts: {} },
    verdict: isRight ? { verdict: 'right' } : { verdict: 'wrong', reason: 'different' },
  });
  return { taskId, samples: [...Array(right).fill(sample(true)), ...Array(wrong).fill(sample(false))] };
}
