import type { Seed } from '../../../protocol/seed.ts';
import type { AbductionTask, DeductionTask, Task } from '../../../protocol/task.ts';
import { contentId } from './record-id.ts';
import { tooLarge } from './task-size.ts';

/** The deduction and abduction tasks that mined seeds make, before it is known which of them a trivial solver gets. */
export function tasksFromSeeds(seeds: readonly Seed[], now: string): (DeductionTask | AbductionTask)[] {
  return seeds.filter((seed) => !tooLarge(seed)).flatMap((seed) => tasksFromSeed(seed, now));
}

function tasksFromSeed(seed: Seed, now: string): (DeductionTask | AbductionTask)[] {
  const { program, entry, call, output, backend } = seed;
  const {
    source: _source,
    callFile: _callFile,
    callLine: _callLine,
    callModel: _callModel,
    licence: _licence,
    ...unit
  } = seed.provenance;
  const base = {
    program,
    entry,
    unit,
    origin: 'mined',
    proposedBy: null,
    state: 'open',
    split: seed.split,
    trivial: null,
    backend,
    createdAt: now,
  } as const;
  const deduction: DeductionTask = {
    ...base,
    kind: 'deduction',
    id: deductionId(program, entry, call),
    call,
    output,
  };
  // An exception as the output to be reached asks for a crash, not for reasoning about values.
  if (output.startsWith('raise ')) return [deduction];
  const abduction: AbductionTask = {
    ...base,
    kind: 'abduction',
    id: abductionId(program, entry, output),
    call,
    output,
  };
  return [deduction, abduction];
}

/** Whether a task stands or falls with a mined seed; others are made of a program's pairs, or proposed, and hold while its unit does. */
export function isOfSeed({ kind, origin }: Pick<Task, 'kind' | 'origin'>): boolean {
  switch (kind) {
    case 'deduction':
    case 'abduction':
      return origin === 'mined';
    case 'induction':
    case 'explain':
      return false;
  }
}

export function deductionId(program: string, entry: string, call: string): string {
  return contentId('deduction', program, entry, call);
}

/** Two calls that give the same output make one abduction task: any of them answers it. */
export function abductionId(program: string, entry: string, output: string): string {
  return contentId('abduction', program, entry, output);
}
