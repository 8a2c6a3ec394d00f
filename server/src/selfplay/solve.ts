import type { SolveGroup } from '../../../protocol/group.ts';
import type { Task } from '../../../protocol/task.ts';
import { judgeAttempt } from '../judge/attempt.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { kindSpec } from '../tasks/kinds.ts';
import { eventId } from '../tasks/record-id.ts';
import type { Choices } from './choices.ts';
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
}

/** Draws a group of attempts on one task and judges each. */
export async function solveTask(
  task: Task,
  origin: GroupOrigin,
  { endpoint, sandbox, choices, preset, now }: SolveParts,
  signal: AbortSignal,
): Promise<SolveGroup> {
  const spec = kindSpec(task.kind);
  const question = spec.ask(task);
  const randomSeeds = Array.from({ length: preset.groupSize.solve }, () => choices.randomSeed());
  const judge = async (drawn: Drawn) => {
    const { text, finish } = drawn.sample;
    const answer = spec.read(text, finish, task);
    return { drawn, answer, verdict: await judgeAttempt(task, answer, finish, sandbox, signal) };
  };
  const judged = await drawGroup(endpoint, origin.model.name, question, randomSeeds, judge, signal);
  const agreed = agreement(judged) ?? 0;
  const samples = judged.map(({ drawn, answer, verdict }, index) => ({
    ...sampleRecord(drawn, index),
    answer,
    verdict,
    reward: preset.solver(verdict, agreed),
  }));
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
