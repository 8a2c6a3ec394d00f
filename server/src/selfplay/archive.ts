import type { UnitRef } from '../../../protocol/seed.ts';
import type { Pair, Task } from '../../../protocol/task.ts';
import { programKey } from '../judge/trivial-context.ts';
import { shapeHash } from '../mining/program-shape.ts';
import { ReviewedPatterns } from '../review/reviewed-patterns.ts';
import type { Reference } from '../tasks/kind-spec.ts';
import { Forgotten } from './buffer/forgotten.ts';

/** A program of the archive with every verified pair known of it. */
export interface ArchivedProgram extends Reference {
  readonly unit: UnitRef;
  /** Stands in the workspace, or a person wrote its call: proposals can be grounded in it. */
  grounded: boolean;
  /** Ids of the tasks that the model proposed about it: once one is accepted, proposals can be grounded in it too. */
  readonly proposed: string[];
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
  readonly #forgotten = new Forgotten();
  /** What people decided; as it was when it was last refreshed. */
  readonly reviewed: ReviewedPatterns;

  constructor(tasks: readonly Task[], reviewed = new ReviewedPatterns()) {
    this.reviewed = reviewed;
    for (const task of tasks) this.add(task);
  }

  /** `shape`: its program's, where it is known; read otherwise. */
  add(task: Task, shape?: string): void {
    const archived = this.#programs.get(programKey(task)) ?? this.#addProgram(task, shape);
    archived.grounded ||= task.origin !== 'proposed';
    if (task.origin === 'proposed') archived.proposed.push(task.id);
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

  /** Drops what none of these tasks is about. Its programs and calls are known for a while all the same, as hashes. */
  retain(tasks: readonly Task[]): void {
    const before = new Map(this.#programs);
    this.#programs.clear();
    this.#shapes.clear();
    for (const task of tasks) this.add(task, before.get(programKey(task))?.shape);
    for (const [key, old] of before) {
      const left = this.#programs.get(key);
      if (left === undefined) this.#forgotten.add(old.shape);
      for (const [call] of old.pairs) {
        if (left === undefined || !hasCall(left, call)) this.#forgotten.add(`${key}\n${call}`);
      }
    }
  }

  /** Whether a call of a program is archived, or was. */
  knowsCall(of: { readonly program: string; readonly entry: string }, call: string): boolean {
    const archived = this.program(of);
    return (
      (archived !== undefined && hasCall(archived, call)) || this.#forgotten.has(`${programKey(of)}\n${call}`)
    );
  }

  program(of: { readonly program: string; readonly entry: string }): ArchivedProgram | undefined {
    return this.#programs.get(programKey(of));
  }

  hasShape(shape: string): boolean {
    return this.#shapes.has(shape) || this.#forgotten.has(shape);
  }

  /** Programs that proposals can be grounded in, with at least one pair: mined ones, and those that people accepted. */
  references(): ArchivedProgram[] {
    const isReference = ({ grounded, proposed }: ArchivedProgram) =>
      grounded || proposed.some((id) => this.reviewed.isAcceptedTask(id));
    return [...this.#programs.values()].filter(
      (archived) => archived.pairs.length > 0 && isReference(archived),
    );
  }

  #addProgram(task: Task, shape?: string): ArchivedProgram {
    const { program, entry, unit } = task;
    const archived: ArchivedProgram = {
      program,
      entry,
      unit,
      grounded: false,
      proposed: [],
      pairs: [],
      shape: shape ?? shapeHash(program, entry),
      describedCalls: new Set(),
    };
    this.#programs.set(programKey(task), archived);
    this.#shapes.add(archived.shape);
    return archived;
  }
}

/** Whether a call was archived for a program. Both are text in the writer's one form, so text tells. */
function hasCall(program: ArchivedProgram, call: string): boolean {
  return program.pairs.some(([archived]) => archived === call);
}

/** A set of calls as one string, the same for every order. */
export function callsKey(pairs: readonly Pair[]): string {
  return JSON.stringify(pairs.map(([call]) => call).sort());
}
