import type { LeftOut, LeftOutReason } from '../../../protocol/evaluation.ts';
import type { ExecutedTask } from '../../../protocol/task.ts';
import { adoptTasks } from '../judge/adopt-tasks.ts';
import { sameGround } from '../judge/attempt.ts';
import { judge } from '../judge/judge.ts';
import { stillHolds } from '../judge/still-holds.ts';
import { trivialContext } from '../judge/trivial-context.ts';
import { trivialSolver } from '../judge/trivial-solver.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { answerVisible } from '../tasks/answer-visible.ts';
import { readCall } from '../values/literal-reader.ts';
import { type EvaluationItem, leftOut } from './item.ts';

/** Tasks that hold here, and the others. */
export interface CheckedItems {
  readonly items: readonly EvaluationItem[];
  readonly leftOut: readonly LeftOut[];
}

/** Tasks that are run at once: enough to keep the sandbox's images busy. */
const atOnce = 8;

/**
 * Runs the programs of tasks before any model is asked (invariant 12): only a task whose gold is what its program gives here is
 * asked, as a task of this backend. Tasks of a file get their gold from that run, and the trivial solver that gets each. The store
 * is left as it is. Rejects as `sandbox.run` does.
 */
export async function checkItems(
  all: readonly EvaluationItem[],
  sandbox: Sandbox,
  onChecked: (count: number) => void,
  signal: AbortSignal,
): Promise<CheckedItems> {
  const items: EvaluationItem[] = [];
  const others: LeftOut[] = [];
  for (let begin = 0; begin < all.length; begin += atOnce) {
    const some = all.slice(begin, begin + atOnce);
    const checked = await Promise.all(some.map((item) => checkTask(item, sandbox, signal)));
    for (const [index, item] of some.entries()) {
      const found = checked[index];
      if (found?.ok === true) items.push({ ...item, task: found.task });
      else if (found !== undefined) others.push(leftOut(item, found.reason, null));
    }
    onChecked(Math.min(begin + atOnce, all.length));
  }
  return { items: await rated(items, sandbox, signal), leftOut: others };
}

type Checked =
  | { readonly ok: true; readonly task: ExecutedTask }
  | { readonly ok: false; readonly reason: LeftOutReason };

function checkTask(item: EvaluationItem, sandbox: Sandbox, signal: AbortSignal): Promise<Checked> {
  return item.from === 'store'
    ? checkStored(item.task, sandbox, signal)
    : checkImported(item, sandbox, signal);
}

async function checkStored(task: ExecutedTask, sandbox: Sandbox, signal: AbortSignal): Promise<Checked> {
  if (sameGround(task.backend, sandbox.backend)) {
    return (await stillHolds(task, sandbox, signal)) ? { ok: true, task } : { ok: false, reason: 'drifts' };
  }
  const { adopted, retired } = await adoptTasks([task], sandbox, signal);
  const [here] = adopted;
  if (here !== undefined) return { ok: true, task: here };
  return { ok: false, reason: retired.length > 0 ? 'backend-changed' : 'sandbox' };
}

/** A task of a file, with the gold that execution gave; by the relation of its authors this is the one that they name. */
async function checkImported(
  { task, relation }: EvaluationItem,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<Checked> {
  const { kind, program, entry } = task;
  if (kind === 'induction') {
    const record = { kind, program, entry, pairs: [...task.shown, ...task.hidden], answer: program };
    const { verdict } = await judge(record, sandbox, signal, relation);
    if (verdict.verdict === 'right') return { ok: true, task };
    return { ok: false, reason: verdict.verdict === 'wrong' ? 'gold-mismatch' : verdict.reason };
  }
  const { call, output } = task;
  const named = output === '' ? {} : { output };
  const record = { kind: 'deduction', program, entry, call, answer: '', ...named } as const;
  const { verdict, value } = await judge(record, sandbox, signal, relation);
  if (verdict.verdict === 'unjudgeable') return { ok: false, reason: verdict.reason };
  if (value === undefined) return { ok: false, reason: 'gold-unencodable' };
  const verified = { ...task, output: value };
  return (await showsAnswer(verified, sandbox, signal))
    ? { ok: false, reason: 'answer-in-prompt' }
    : { ok: true, task: verified };
}

/** Whether the question would show its answer (invariant 10). */
async function showsAnswer(
  { program, entry, call, output }: Extract<ExecutedTask, { kind: 'deduction' | 'abduction' }>,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<boolean> {
  const read = readCall(call);
  if (!read.ok) return false;
  const { lines } = await sandbox.trace({ program, entry, call: read.value }, signal);
  return answerVisible({ program, entry, call, output, executedLines: lines }) !== false;
}

/** The tasks of files with the trivial solver that gets each, by the relation of rewards: what is common is counted among them. */
async function rated(
  items: readonly EvaluationItem[],
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<readonly EvaluationItem[]> {
  const context = trivialContext(items.flatMap(({ task, from }) => (from === 'file' ? [task] : [])));
  const rated: EvaluationItem[] = [];
  for (const item of items) {
    const { task, from } = item;
    if (from === 'store') rated.push(item);
    else
      rated.push({
        ...item,
        task: { ...task, trivial: await trivialSolver(task, context, sandbox, signal) },
      });
  }
  return rated;
}
