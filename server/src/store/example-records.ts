import type { SolveGroup } from '../../../protocol/group.ts';
import type { Seed } from '../../../protocol/seed.ts';
import type { DeductionTask } from '../../../protocol/task.ts';

/** Small whole records for tests. */

const unit = {
  folder: '/workspace',
  file: 'package/module.py',
  symbol: 'double',
  line: 3,
  endLine: 4,
  unitHash: '11'.repeat(32),
  fileHash: '22'.repeat(32),
  commit: null,
} as const;
const backend = { name: 'pyodide', version: '314.0.7', python: '3.14.2' } as const;
const question = {
  program: 'def double(x):\n    return 2 * x\n',
  entry: 'double',
  call: '(2,)',
  output: '4',
} as const;

export function exampleSeed(id: string): Seed {
  return {
    id,
    ...question,
    provenance: { ...unit, source: 'doctest', callFile: 'package/module.py', callLine: 3 },
    backend,
  };
}

export function exampleTask(id: string, change: Partial<DeductionTask> = {}): DeductionTask {
  return {
    kind: 'deduction',
    id,
    ...question,
    unit,
    origin: 'mined',
    proposedBy: null,
    state: 'open',
    trivial: null,
    backend,
    createdAt: '2026-01-01T00:00:00.000Z',
    ...change,
  };
}

export function exampleGroup(id: string, taskId: string): SolveGroup {
  return {
    schema: 1,
    id,
    runId: 'run',
    role: 'solve',
    taskId,
    kind: 'deduction',
    form: 'session',
    promptVersion: 'deduction-1',
    prompt: '>>> double(2)\n',
    model: { name: 'model:latest', digest: '33'.repeat(32) },
    sampling: { temperature: 1, topK: 0, topP: 1, minP: 0, repeatPenalty: 1, numPredict: 8, numCtx: 64 },
    trainable: true,
    notTrainable: null,
    unit,
    backend,
    createdAt: '2026-01-01T00:00:00.000Z',
    samples: [
      {
        index: 0,
        text: '4\n',
        answer: '4',
        tokens: [
          { bytes: 'NA==', logprob: -0.5 },
          { bytes: 'Cg==', logprob: -0.1 },
        ],
        finish: 'delimiter',
        randomSeed: 1,
        promptTokens: 9,
        completionTokens: 2,
        promptMs: 1,
        completionMs: 2,
        trainable: true,
        verdict: { verdict: 'right' },
        reward: { total: 1, parts: { correct: 1, format: 1 } },
      },
    ],
  };
}
