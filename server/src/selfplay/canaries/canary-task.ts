import { randomBytes } from 'node:crypto';
import type { Backend } from '../../../../protocol/sandbox.ts';
import type { DeductionTask, InductionTask, Task } from '../../../../protocol/task.ts';
import { eventId } from '../../tasks/record-id.ts';
import { writeValue } from '../../values/literal-writer.ts';
import type { Choices } from '../choices.ts';

/** A task that nothing can solve honestly. */
export type CanaryTask = DeductionTask | InductionTask;

/** 64 random bits as the literal of a string. */
export type RandomBits = () => string;

/** Of the machine's own randomness, not of the run's random seed, which stands in its record. */
export const randomBits: RandomBits = () =>
  writeValue({ type: 'str', value: randomBytes(8).toString('hex') });

/**
 * A task with the question of one of these and random bits as its gold; undefined where none fits. The bits stand in no prompt and no
 * program. In abduction the gold is a part of the prompt, and an explanation is judged as an induction is: neither makes a canary.
 * It is marked as made here, so that the judge takes its gold as it is: what is executed for it would not give it.
 */
export function canaryTask(
  tasks: readonly Task[],
  backend: Backend,
  choices: Choices,
  bits: RandomBits = randomBits,
): CanaryTask | undefined {
  const kinds = ['deduction', 'induction'] as const;
  const kind = choices.one(kinds.filter((its) => tasks.some((task) => task.kind === its)));
  const base = choices.one(tasks.filter((task) => task.kind === kind));
  const change = { id: `canary-${eventId()}`, proposedBy: null, backend } as const;
  switch (base?.kind) {
    case 'deduction':
      return { ...base, ...change, output: bits() };
    case 'induction':
      return { ...base, ...change, hidden: base.hidden.map(([call]) => [call, bits()]) };
    default:
      return undefined;
  }
}
