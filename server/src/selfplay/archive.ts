import type { UnitRef } from '../../../protocol/seed.ts';
import type { Pair, Task } from '../../../protocol/task.ts';
import { shapeHash } from '../mining/program-shape.ts';
import type { Reference } from '../tasks/kind-spec.ts';

/** A program of the archive with every verified pair known of it. */
export interface ArchivedProgram extends Reference {
  readonly unit: UnitRef;
  /** Stands in the workspace: proposals can be grounded in it. */
  mined: boolean;
  readonly pairs: Pair[];
  readonly shape: string;
  /** Sets of calls for which a message already made a task, each as one string. */
  readonly describedCalls: Set<string>;
}

/**
 * Everything that was mined or proposed, as far as novelty needs it: programs by shape, calls by program. Kept in memory,
 * built from the tasks in the store.
 */
export class Archive {
  readonly #programs = new Map<string, ArchivedProgram>();
  readonly #shapes = new Set<string>();

  constructor(tasks: readonly Task[]) {
    for (const task of tasks) this.add(task);
  }

  add(task: Task): void {
    const archived = this.#programs.get(programKey(task)) ?? this.#addProgram(task);
    archived.mined ||= task.origin === 'mined';
    switch (task.kind) {
      case 'deduction':
      case 'abduction':
        if (!hasCall(archived, task.call) && !task.output.startsWith('raise '))
          archived.pairs.push([task.call, task.output]);
        return;
      case 'induction':
        archived.describedCalls.add(callsKey([...task.shown, ...task.hidden]));
        return;
      case 'explain':
        // Of a program that is here, and of pairs that are known or made up anew each time.
        return;
    }
  }

  program(of: { readonly program: string; readonly entry: string }): ArchivedProgram | undefined {
    return this.#programs.get(programKey(of));
  }

  hasShape(shape: string): boolean {
    return this.#shapes.has(shape);
  }

  /** Programs that proposals can be grounded in: mined ones with at least one pair. */
  references(): ArchivedProgram[] {
    return [...this.#programs.values()].filter(({ mined, pairs }) => mined && pairs.length > 0);
  }

  #addProgram(task: Task): ArchivedProgram {
    const { program, entry, unit, origin } = task;
    const archived: ArchivedProgram = {
      program,
      entry,
      unit,
      mined: origin === 'mined',
      pairs: [],
      shape: shapeHash(program, entry),
      describedCalls: new Set(),
    };
    this.#programs.set(programKey(task), archived);
    this.#shapes.add(archived.shape);
    return archived;
  }
}

/** Whether a call was archived for a program. Both are text in the writer's one form, so text tells. */
export function hasCall(program: ArchivedProgram, call: string): boolean {
  return program.pairs.some(([archived]) => archived === call);
}

/** A set of calls as one string, the same for every order. */
export function callsKey(pairs: readonly Pair[]): string {
  return JSON.stringify(pairs.map(([call]) => call).sort());
}

function programKey({ program, entry }: { readonly program: string; readonly entry: string }): string {
  return `${entry}\n${program}`;
}
