import { Split } from '../../../protocol/seed.ts';
import type { DeductionTask, Task } from '../../../protocol/task.ts';
import { trivialContext } from '../judge/trivial-context.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Store } from '../store/store.ts';
import { exceptionsTooMany } from '../tasks/deduction/worth.ts';
import { worth } from '../tasks/worth.ts';

/** Retires the mined tasks with exceptions as outputs that a set has too many of, and opens those again that it now has room for. */
export async function boundExceptions(folder: string, store: Store): Promise<void> {
  const mined = await store.tasks({ kind: 'deduction', origin: 'mined' });
  const here = mined.filter(
    (task): task is DeductionTask =>
      task.kind === 'deduction' &&
      task.unit.folder === folder &&
      (task.unworthy === undefined ? task.state === 'open' : task.unworthy === 'exceptions'),
  );
  const changed: Task[] = [];
  for (const split of Split.options) {
    const set = here.filter((task) => task.split === split);
    const tooMany = new Set(exceptionsTooMany(set));
    for (const task of set) {
      const { unworthy, ...worthy } = task;
      if (tooMany.has(task) && unworthy === undefined)
        changed.push({ ...task, state: 'retired', unworthy: 'exceptions' });
      else if (!tooMany.has(task) && unworthy !== undefined) changed.push({ ...worthy, state: 'open' });
    }
  }
  await store.putTasks(changed);
}

/**
 * Retires of what was proposed under other rules, or made of pairs, what is not worth solving, as far as nothing has to be executed to
 * tell. Resolves to the ids of these.
 */
export async function retireUnworthy(
  made: readonly Task[],
  store: Store,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const broken: Task[] = [];
  for (const task of made) {
    if (task.kind === 'abduction') continue;
    const unworthy = await worth(task, trivialContext([]), sandbox, signal);
    if (unworthy !== null) broken.push({ ...task, state: 'retired', unworthy });
  }
  await store.putTasks(broken);
  return new Set(broken.map(({ id }) => id));
}
