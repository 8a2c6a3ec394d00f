import type { Reward, SolveGroup } from '../../../protocol/group.ts';
import type { Verdict } from '../../../protocol/judge.ts';
import type { ExecutedTask, ExplainTask, Task } from '../../../protocol/task.ts';
import { type Judges, theJudges } from '../judge/judges.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Store } from '../store/store.ts';
import type { Question } from '../tasks/kind-spec.ts';
import { kindSpec } from '../tasks/kinds.ts';
import { eventId } from '../tasks/record-id.ts';
import type { Choices } from './choices.ts';
import { judgeMessages } from './explanations.ts';
import type { Preset } from './presets/preset.ts';
import { agreement } from './rewards/agreement.ts';
import { type GroupOrigin, notTrainable, sampleRecord } from './sample-record.ts';
import { type Drawn, drawGroup, onPolicy } from './sampling.ts';

export interface SolveParts {
  readonly endpoint: Endpoint;
  readonly sandbox: Sandbox;
  readonly choices: Choices;
  readonly preset: Preset;
  readonly now: () => string;
  readonly store: Pick<Store, 'note' | 'setNote' | 'audit'>;
  /** Who judges; `theJudges` where absent. */
  readonly judges?: Judges;
}

/** An attempt with what was found of it. */
interface Solved {
  readonly drawn: Drawn;
  readonly answer: string | null;
  readonly verdict: Verdict;
  readonly reward: Reward;
  readonly judgingMs?: number;
}

/** Draws a group of attempts on one task and judges each. */
export async function solveTask(
  task: Task,
  origin: GroupOrigin,
  parts: SolveParts,
  signal: AbortSignal,
): Promise<SolveGroup> {
  const { choices, now } = parts;
  const spec = kindSpec(task.kind);
  const question = spec.ask(task);
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
    form: 'session',
    promptVersion: spec.promptVersion,
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
interface Asked {
  readonly question: Question;
  readonly randomSeeds: readonly number[];
  readonly model: GroupOrigin['model'];
}

/** Attempts that execution judges, each beside the drawing of the next one. */
async function executed(
  task: ExecutedTask,
  { question, randomSeeds, model }: Asked,
  { endpoint, sandbox, preset, judges = theJudges }: SolveParts,
  signal: AbortSignal,
): Promise<Solved[]> {
  const judge = async (drawn: Drawn) => {
    const { text, finish } = drawn.sample;
    const answer = kindSpec(task.kind).read(text, finish, task);
    const verdict = await judges.attempt(task, answer, finish, sandbox, signal);
    return { drawn, answer, verdict };
  };
  const judged = await drawGroup(endpoint, model.name, question, randomSeeds, judge, signal);
  const agreed = agreement(judged) ?? 0;
  return judged.map((found) => ({ ...found, reward: preset.solver(found.verdict, agreed) }));
}

/** Messages, drawn all before the model is asked to rebuild from any: so that each prompt is found in its cache. */
async function explained(
  task: ExplainTask,
  { question, randomSeeds, model }: Asked,
  parts: SolveParts,
  signal: AbortSignal,
): Promise<Solved[]> {
  const keep = (drawn: Drawn) => Promise.resolve(drawn);
  const all = await drawGroup(parts.endpoint, model.name, question, randomSeeds, keep, signal);
  const messages = all.map((drawn) => {
    const { text, finish } = drawn.sample;
    return { drawn, finish, answer: kindSpec(task.kind).read(text, finish, task) };
  });
  const judged = await judgeMessages(task, messages, { ...parts, model }, signal);
  return messages.flatMap(({ drawn, answer }, index) => {
    const found = judged[index];
    return found === undefined ? [] : [{ drawn, answer, ...found }];
  });
}
