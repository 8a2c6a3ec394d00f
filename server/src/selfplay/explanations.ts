import type { Finish, Reward } from '../../../protocol/group.ts';
import { gain, Tries, type Verdict, type WrongReason } from '../../../protocol/judge.ts';
import type { ExplainTask } from '../../../protocol/task.ts';
import { judgeAttempt, wasCut } from '../judge/attempt.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { readNote } from '../store/read-note.ts';
import type { Store } from '../store/store.ts';
import { messageFault, rebuildQuestion, rebuildTask } from '../tasks/explain/rebuild.ts';
import { rebuildsWith, rebuildsWithout } from '../tasks/explain/rules.ts';
import { induction } from '../tasks/induction/kind.ts';
import type { Choices } from './choices.ts';
import { triedBy } from './rewards/solve-rate.ts';
import { drawGroup } from './sampling.ts';

/** A message as the parser took it out of a completion. */
export interface Message {
  readonly answer: string | null;
  readonly finish: Finish;
}

export interface RebuildParts {
  readonly endpoint: Endpoint;
  readonly sandbox: Sandbox;
  readonly choices: Choices;
  /** Keeps what is rebuilt without a message, so that it is asked once per task and model, and tells what was rebuilt. */
  readonly store: Pick<Store, 'note' | 'setNote' | 'audit'>;
  readonly model: { readonly name: string; readonly digest: string };
}

/** The verdict on a message, the reward for it, and the milliseconds that the model spent on finding it. */
export interface MessageJudged {
  readonly verdict: Verdict;
  readonly reward: Reward;
  readonly judgingMs: number;
}

/**
 * Judges messages that explain a task's program, by round trip: a solver who does not see the program writes it from the message and
 * the shown pairs, a few times, and from the pairs alone. Equal messages are tried once. One request at a time goes to the model.
 * Rejects as the endpoint does.
 */
export async function judgeMessages(
  task: ExplainTask,
  messages: readonly Message[],
  parts: RebuildParts,
  signal: AbortSignal,
): Promise<MessageJudged[]> {
  const baseline = await rebuildAlone(task, parts, signal);
  const rebuilt = new Map<string, Rebuilt>();
  const judged: MessageJudged[] = [];
  for (const { answer, finish } of messages) {
    let judgingMs = judged.length === 0 ? baseline.ms : 0;
    const fault = faultOf(answer, finish, task);
    let verdict: Verdict = unjudgeable;
    if (fault !== null || answer === null) verdict = { verdict: 'wrong', reason: fault ?? 'malformed' };
    else if (baseline.tries !== undefined) {
      const known = rebuilt.get(answer);
      const { tries, ms } = known ?? (await rebuild(task, answer, rebuildsWith, parts, signal));
      rebuilt.set(answer, { tries, ms });
      if (known === undefined) judgingMs += ms;
      if (tries !== undefined) verdict = { verdict: 'gained', with: tries, without: baseline.tries };
    }
    judged.push({ verdict, reward: explainReward(verdict, baseline.tries), judgingMs });
  }
  return judged;
}

function faultOf(answer: string | null, finish: Finish, task: ExplainTask): WrongReason | null {
  if (answer === null) return wasCut(finish) ? 'cut' : 'malformed';
  return messageFault(answer, task);
}

const unjudgeable: Verdict = { verdict: 'unjudgeable', reason: 'sandbox' };

/**
 * The reward for a message: what it gained. A message that is refused counts as one from which nothing was ever rebuilt, so that it
 * never pays more than an honest one that does not help.
 */
export function explainReward(verdict: Verdict, without: Tries | undefined): Reward {
  const alone = without === undefined ? 0 : without.right / without.of;
  if (verdict.verdict === 'gained') {
    const total = gain(verdict);
    return {
      total,
      parts: { gain: total, with: verdict.with.right / verdict.with.of, without: alone, format: 1 },
    };
  }
  if (verdict.verdict === 'wrong') {
    const total = 0 - alone;
    return { total, parts: { gain: total, with: 0, without: alone, format: 0 } };
  }
  return { total: 0, parts: { gain: 0, format: 1 } };
}

/** How often a program was rebuilt, undefined where no try could be judged, and the milliseconds that the model spent on it. */
interface Rebuilt {
  readonly tries: Tries | undefined;
  readonly ms: number;
}

/** How often the program is rebuilt from the shown pairs alone: asked once per task and model. */
async function rebuildAlone(task: ExplainTask, parts: RebuildParts, signal: AbortSignal): Promise<Rebuilt> {
  const name = `rebuilt without message ${task.id} ${parts.model.digest}`;
  const known = readNote(Tries, await parts.store.note(name));
  if (known !== undefined) return { tries: known, ms: 0 };
  const { tries, ms } = await rebuild(task, null, rebuildsWithout, parts, signal);
  if (tries?.of === rebuildsWithout) await parts.store.setNote(name, JSON.stringify(tries));
  return { tries, ms };
}

/** Has the program written `count` times, and puts down what was written and how it was judged. */
async function rebuild(
  task: ExplainTask,
  message: string | null,
  count: number,
  { endpoint, sandbox, choices, model, store }: RebuildParts,
  signal: AbortSignal,
): Promise<Rebuilt> {
  const asked = rebuildTask(task, message);
  const randomSeeds = Array.from({ length: count }, () => choices.randomSeed());
  const tried = await drawGroup(
    endpoint,
    model,
    rebuildQuestion(task, message),
    randomSeeds,
    async ({ sample: { text, finish, promptCut, promptMs, completionMs }, randomSeed }) => {
      const program = induction.read(text, finish, asked);
      // A solver that saw a part of the question only says nothing of it.
      const verdict = promptCut ? null : await judgeAttempt(asked, program, finish, sandbox, signal);
      return { randomSeed, program, verdict, ms: promptMs + completionMs };
    },
    signal,
  );
  await store.audit({ what: 'rebuilt', detail: { taskId: task.id, model: model.digest, message, tried } });
  const ms = tried.reduce((sum, each) => sum + each.ms, 0);
  const { right, judged } = triedBy(tried.flatMap(({ verdict }) => verdict ?? []));
  return { tries: judged === 0 ? undefined : { right, of: judged }, ms };
}
