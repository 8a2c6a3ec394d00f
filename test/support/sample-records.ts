import type { Attempt, ProposeGroup, SolveGroup } from '../../protocol/group.ts';
import type { Run } from '../../protocol/run.ts';
import type { Backend } from '../../protocol/sandbox.ts';
import type { Seed, UnitRef } from '../../protocol/seed.ts';
import type { DeductionTask } from '../../protocol/task.ts';

/** Records as a run makes them, small, for tests of what keeps and carries them. */

export const sampleBackend: Backend = { name: 'pyodide', version: '314.0.7', python: '3.14.2' };

export const sampleUnit: UnitRef = {
  folder: '/workspace',
  file: 'sums.py',
  symbol: 'twice',
  line: 1,
  endLine: 2,
  unitHash: 'a'.repeat(64),
  fileHash: 'b'.repeat(64),
  commit: null,
};

const program = 'def twice(n):\n    return 2 * n\n';
const createdAt = '2026-01-02T03:04:05.678Z';

export function sampleSeed(id: string): Seed {
  const provenance = {
    ...sampleUnit,
    source: 'doctest',
    callFile: 'sums.py',
    callLine: 2,
    callModel: null,
    licence: null,
  } as const;
  const checked = {
    split: 'train',
    difficulty: null,
    shape: '',
    behaviour: null,
    backend: sampleBackend,
  } as const;
  return { id, program, entry: 'twice', call: '(2,)', output: '4', provenance, needs: [], ...checked };
}

export function sampleTask(id: string, changed: Partial<DeductionTask> = {}): DeductionTask {
  return {
    id,
    kind: 'deduction',
    program,
    entry: 'twice',
    call: '(2,)',
    output: '4',
    unit: sampleUnit,
    origin: 'mined',
    proposedBy: null,
    state: 'open',
    split: 'train',
    trivial: null,
    backend: sampleBackend,
    createdAt,
    ...changed,
  };
}

export function sampleRun(id: string): Run {
  return {
    id,
    folder: '/workspace',
    startedAt: createdAt,
    endedAt: null,
    state: 'running',
    reason: null,
    model: { name: 'small', digest: 'c'.repeat(64) },
    backend: sampleBackend,
    preset: 'autodidact',
    estimator: 'leave-one-out',
    tools: false,
    randomSeed: 7,
    playedMs: 0,
  };
}

/** A group of eight attempts at a task, the first of them right. */
export function sampleGroup(id: string, changed: Partial<SolveGroup> = {}): SolveGroup {
  return {
    ...groupBase(id),
    role: 'solve',
    taskId: 'task',
    samples: Array.from({ length: 8 }, (_, index) => sampleAttempt(index)),
    ...changed,
  };
}

/** A group of one proposal that became a task. */
export function sampleProposals(id: string, taskId: string): ProposeGroup {
  const { verdict: _, ...attempt } = sampleAttempt(0);
  return {
    ...groupBase(id),
    role: 'propose',
    samples: [{ ...attempt, verdict: { verdict: 'valid' }, taskId }],
  };
}

function groupBase(id: string) {
  return {
    schema: 1,
    id,
    runId: 'run',
    preset: 'autodidact',
    estimator: 'leave-one-out',
    kind: 'deduction',
    form: 'session',
    promptVersion: 'deduction-1',
    prompt: '>>> twice(2)\n',
    model: { name: 'small', digest: 'c'.repeat(64) },
    sampling: { temperature: 1, topK: 0, topP: 1, minP: 0, repeatPenalty: 1, numPredict: 64, numCtx: 2048 },
    trainable: true,
    notTrainable: null,
    unit: sampleUnit,
    backend: sampleBackend,
    createdAt,
  } as const;
}

function sampleAttempt(index: number): Attempt {
  const text = index === 0 ? '4\n' : '5\n';
  return {
    index,
    text,
    answer: text.trim(),
    tokens: [...text].map((character) => ({
      bytes: Buffer.from(character).toString('base64'),
      logprob: -0.25,
    })),
    finish: 'delimiter',
    randomSeed: 100 + index,
    promptTokens: 12,
    completionTokens: 2,
    promptMs: 3.5,
    completionMs: 8.25,
    trainable: true,
    verdict: index === 0 ? { verdict: 'right' } : { verdict: 'wrong', reason: 'different' },
    reward: { total: index === 0 ? 1 : 0, parts: { correct: index === 0 ? 1 : 0, format: 1 } },
  };
}
