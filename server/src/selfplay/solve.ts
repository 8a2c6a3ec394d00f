import type { Reward, SolveGroup } from '../../../protocol/group.ts';
import type { Verdict } from '../../../protocol/judge.ts';
import type { ExecutedTask, ExplainTask, Task } from '../../../protocol/task.ts';
import { type Judges, theJudges } from '../judge/judges.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Store } from '../store/store.ts';
import { eventId } from '../tasks/record-id.ts';
import { defaultStyles, type Styles } from '../tasks/styles/style.ts';
import type { Choices } from './choices.ts';
import type { Drawn } from './draw-sample.ts';
import { explainReward, judgeMessages } from './explanations.ts';
import type { Preset } from './presets/preset.ts';
import { agreement } from './rewards/agreement.ts';
import { type GroupOrigin, notTrainable, sampleRecord } from './sample-record.ts';
import { drawGroup, onPolicy } from './sampling.ts';
import { type AttemptQuestion, askForAnswer } from './tools/ask-for-answer.ts';
import { attemptAnswer, isBroken } from './tools/attempt-answer.ts';

export interface SolveParts {
  readonly endpoint: Endpoint;
  readonly sandbox: Sandbox;
  readonly choices: Choices;
  readonly preset: Preset;
  readonly now: () => string;
  readonly store: Pick<Store, 'note' | 'setNote' | 'audit'>;
  /** How each cell is asked; the default where absent. */
  readonly styles?: Styles;
  /** Who judges; `theJudges` where absent. */
  readonly judges?: Judges;
  /** Whether attempts may run Python before they answer, where their kind and style let them; not where absent. */
  readonly tools?: boolean;
}

/** An attempt with what was found of it. */
interface Solved {
  readonly drawn: Drawn;
  readonly answer: string | null;
  readonly verdict: Verdict;
  readonly reward: Reward;
  readonly judgingMs?: number;
}

/** What the sandbox, broken, says of an attempt. */
const unjudged = { verdict: 'unjudgeable', reason: 'sandbox' } as const;

/** Draws a group of attempts on one task and judges each. */
export async function solveTask(
  task: Task,
  origin: GroupOrigin,
  parts: SolveParts,
  signal: AbortSignal,
): Promise<SolveGroup> {
  const { endpoint, choices, now } = parts;
  const style = (parts.styles ?? defaultStyles)({ kind: task.kind, role: 'solve' });
  const asker = { endpoint, model: origin.model.name, draw: () => choices.randomSeed() };
  const toolSandbox = parts.tools === true ? parts.sandbox : undefined;
  const question = await askForAnswer(task, style, asker, toolSandbox, signal);
  const randomSeeds = Array.from({ length: parts.preset.groupSize.solve }, () => choices.randomSeed());
  const attempt = { question, randomSeeds, model: origin.model };
  const judged =
    task.kind === 'explain'
      ? await explained(task, attempt, parts, signal)
      : await executed(task, attempt, parts, signal);
  const samples = judged.map(({ drawn, ...found }, index) => ({ ...sampleRecord(drawn, index), ...found }));
  const reason = notTrainable(
    judged.map(({ drawn }) => drawn),
    samples,
  );
  return {
    ...origin,
    role: 'solve',
    id: eventId(),
    taskId: task.id,
    kind: task.kind,
    form: style.frame,
    promptVersion: question.promptVersion,
    prompt: question.prompt,
    sampling: onPolicy(question.numPredict),
    trainable: reason === null,
    notTrainable: reason,
    unit: task.unit,
    createdAt: now(),
    samples,
  };
}

/** What is asked for a group, and of which model. */
interface AskedGroup {
  readonly question: AttemptQuestion;
  readonly randomSeeds: readonly number[];
  readonly model: GroupOrigin['model'];
}

/** Attempts that execution judges, each beside the drawing of the next one. */
async function executed(
  task: ExecutedTask,
  { question, randomSeeds, model }: AskedGroup,
  { endpoint, sandbox, preset, judges = theJudges }: SolveParts,
  signal: AbortSignal,
): Promise<Solved[]> {
  const judge = async (drawn: Drawn) => {
    const answer = attemptAnswer(question, drawn);
    const verdict = isBroken(drawn)
      ? unjudged
      : await judges.attempt(task, answer, drawn.sample.finish, sandbox, signal);
    return { drawn, answer, verdict };
  };
  const judged = await drawGroup(endpoint, model, question, randomSeeds, judge, signal);
  const agreed = agreement(judged) ?? 0;
  return judged.map((found) => ({ ...found, reward: preset.solver(found.verdict, agreed) }));
}

/** Messages, drawn all before the model is asked to rebuild from any: so that each prompt is found in its cache. */
async function explained(
  task: ExplainTask,
  { question, randomSeeds, model }: AskedGroup,
  parts: SolveParts,
  signal: AbortSignal,
): Promise<Solved[]> {
  const keep = (drawn: Drawn) => Promise.resolve(drawn);
  const all = await drawGroup(parts.endpoint, model, question, randomSeeds, keep, signal);
  const messages = all.map((drawn) => ({
    drawn,
    finish: drawn.sample.finish,
    answer: attemptAnswer(question, drawn),
  }));
  const judged = await judgeMessages(task, messages, { ...parts, model }, signal);
  return messages.flatMap(({ drawn, answer }, index) => {
    const found = judged[index];
    if (found === undefined) return [];
    const judgedAs = isBroken(drawn) ? { verdict: unjudged, reward: explainReward(unjudged, undefined) } : {};
    return [{ drawn, answer, ...found, ...judgedAs }];
  });
}
