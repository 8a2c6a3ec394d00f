import type { PseudoLabel, UnansweredCall } from '../../protocol/pseudo-label.ts';
import { exampleDeduction } from './example-tasks.ts';

/** A call that nothing can execute here, with these fields changed. */
export function exampleUnanswered(change: Partial<UnansweredCall> = {}): UnansweredCall {
  const { unit } = exampleDeduction();
  return {
    id: 'a'.repeat(16),
    kind: 'deduction',
    program: 'import numpy as np\n\n\ndef norm(xs):\n    return float(np.linalg.norm(xs))\n',
    entry: 'norm',
    call: '([3, 4],)',
    why: 'third-party-import',
    unit,
    ...change,
  };
}

/** What is kept of answers to it, with these fields changed. */
export function examplePseudoLabel(change: Partial<PseudoLabel> = {}): PseudoLabel {
  return {
    schema: 1,
    track: 'pseudo',
    id: 'group',
    runId: 'run',
    about: { type: 'unanswered', call: exampleUnanswered() },
    label: '5.0',
    noLabel: null,
    agreement: 0.5,
    estimator: 'adpo',
    trainable: false,
    notTrainable: 'pseudo-label',
    model: { name: 'm', digest: 'd'.repeat(64) },
    promptVersion: 'deduction-1',
    sampling: { temperature: 1, topK: 0, topP: 1, minP: 0, repeatPenalty: 1, numPredict: 96, numCtx: 4096 },
    createdAt: '2026-01-01T00:00:00.000Z',
    ...change,
  };
}
