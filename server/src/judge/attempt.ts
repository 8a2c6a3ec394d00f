import type { Finish } from '../../../protocol/group.ts';
import type { ExecutionVerdict, JudgeRecord } from '../../../protocol/judge.ts';
import type { Backend } from '../../../protocol/sandbox.ts';
import type { ExecutedTask, Task } from '../../../protocol/task.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { SandboxError } from '../sandbox/sandbox-error.ts';
import { judgeCallAnswer, judgeOutputAnswer, rewardRelation, wrong } from './answer.ts';
import { givenOutput } from './gold.ts';
import { judge } from './judge.ts';

/**
 * Judges an attempt on a stored task, whose gold was verified when the task was made: deduction runs nothing, induction the
 * solver's program alone. Where this sandbox is not the one that the task was made with, the gold is checked first. `answer` is
 * what the parser took out of the completion; without one, a completion that was cut is `cut`. Values are
 * compared by the relation that rewards rest on, unless another is given. Rejects only when aborted.
 */
export async function judgeAttempt(
  task: ExecutedTask,
  answer: string | null,
  finish: Finish,
  sandbox: Sandbox,
  signal: AbortSignal,
  relation = rewardRelation,
): Promise<ExecutionVerdict> {
  if (answer === null) return wrong(wasCut(finish) ? 'cut' : 'malformed');
  if (task.kind === 'induction' || !sameGround(task.backend, sandbox.backend)) {
    const record = recordOf(task, answer, !sameGround(task.backend, sandbox.backend));
    return (await judge(record, sandbox, signal, relation)).verdict;
  }
  const gold = givenOutput(task.output);
  if (!gold.ok) return { verdict: 'unjudgeable', reason: gold.reason };
  if (task.kind === 'deduction') return judgeOutputAnswer(answer, gold.value, relation);
  try {
    return (await judgeCallAnswer(answer, task, gold.value, sandbox, signal, relation)).verdict;
  } catch (error) {
    if (error instanceof SandboxError && !signal.aborted)
      return { verdict: 'unjudgeable', reason: 'sandbox' };
    throw error;
  }
}

/** Whether a completion broke off before its end. */
export function wasCut(finish: Finish): boolean {
  return finish === 'length' || finish === 'stall' || finish === 'aborted';
}

/** Whether a gold value holds here: on the same backend and Python minor version, with the same installed packages. */
export function sameGround(made: Backend, here: Backend): boolean {
  return (
    made.name === here.name &&
    pythonMinor(made) === pythonMinor(here) &&
    packagesOf(made) === packagesOf(here)
  );
}

/** What a version says of packages: `packages.<print>` of `1+packages.<print>`; empty where programs have none. */
function packagesOf({ version }: Backend): string {
  return version.split('+', 2)[1] ?? '';
}

function pythonMinor({ python }: Backend): string {
  return python.split('.', 2).join('.');
}

/**
 * The task as the judge reads it: hidden pairs first, which fewer wrong programs give; with its program, its gold is checked. An
 * explanation is judged by what is rebuilt from it: `answer` is a program.
 */
export function recordOf(task: Task, answer: string, checked: boolean): JudgeRecord {
  const { program, entry } = task;
  switch (task.kind) {
    case 'deduction':
    case 'abduction':
      return { kind: task.kind, program, entry, call: task.call, output: task.output, answer };
    case 'induction':
    case 'explain': {
      const pairs = [...task.hidden, ...task.shown];
      return { kind: 'induction', entry, pairs, answer, ...(checked ? { program } : {}) };
    }
  }
}
