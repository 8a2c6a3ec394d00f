import { createHash } from 'node:crypto';
import type { EvaluatedAnswer, EvaluatedTask, LeftOutReason } from '../../../protocol/evaluation.ts';
import type { Verdict } from '../../../protocol/judge.ts';
import { judgeAttempt } from '../judge/attempt.ts';
import type { Endpoint, ModelInfo } from '../model/endpoint.ts';
import { ModelError } from '../model/model-error.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Drawn } from '../selfplay/draw-sample.ts';
import { drawGroup, greedily } from '../selfplay/sampling.ts';
import { askForAnswer } from '../selfplay/tools/ask-for-answer.ts';
import { attemptAnswer, isBroken } from '../selfplay/tools/attempt-answer.ts';
import { defaultStyles, type Styles } from '../tasks/styles/style.ts';
import type { EvaluationItem } from './item.ts';

export interface AskOptions {
  /** Samples at temperature 1 besides the greedy answer. */
  readonly k: number;
  readonly randomSeed: number;
  /** How each model is asked, by its digest; the default where absent. */
  readonly styles?: ReadonlyMap<string, Styles>;
  /** Whether models may run Python before they answer, where kind and style let them; not where absent. */
  readonly tools?: boolean;
}

/** What a model made of a task, or why that counts nowhere. */
export type AskedTask =
  | { readonly ok: true; readonly result: EvaluatedTask }
  | { readonly ok: false; readonly reason: LeftOutReason };

/**
 * Asks a model for one greedy answer to a task and for k samples, and judges each. Every model gets the same random seeds for a
 * task, whatever else is asked. Nothing is recorded: what is measured on is never trained on. Rejects with `ModelError` where the
 * model cannot be asked, and as the signal says.
 */
export async function askTask(
  { task, relation, repository }: EvaluationItem,
  { name, digest }: Pick<ModelInfo, 'name' | 'digest'>,
  { k, randomSeed, styles, tools = false }: AskOptions,
  { endpoint, sandbox }: { readonly endpoint: Endpoint; readonly sandbox: Sandbox },
  signal: AbortSignal,
): Promise<AskedTask> {
  const style = (styles?.get(digest) ?? defaultStyles)({ kind: task.kind, role: 'solve' });
  let nonces = 0;
  const draw = () => {
    nonces += 1;
    return seedOf(randomSeed, task.id, -nonces);
  };
  const asker = { endpoint, model: name, draw };
  const question = await askForAnswer(task, style, asker, tools ? sandbox : undefined, signal);
  const judged = async (drawn: Drawn) => {
    const { sample, randomSeed, turns } = drawn;
    const { text, finish, promptCut, promptTokens, completionTokens } = sample;
    const modelMs = sample.promptMs + sample.completionMs;
    const answer = attemptAnswer(question, drawn);
    const verdict: Verdict = isBroken(drawn)
      ? { verdict: 'unjudgeable', reason: 'sandbox' }
      : await judgeAttempt(task, answer, finish, sandbox, signal, relation);
    const evaluated: EvaluatedAnswer = {
      randomSeed,
      text,
      answer,
      finish,
      promptTokens,
      completionTokens,
      ...(turns === undefined ? {} : { tool: [...turns.calls] }),
      modelMs,
      verdict,
    };
    return { evaluated, promptCut };
  };
  const seeds = Array.from({ length: k }, (_, index) => seedOf(randomSeed, task.id, index));
  try {
    const model = { name, digest };
    const sampling = greedily(question.numPredict);
    const [greedy] = await drawGroup(endpoint, model, question, [0], judged, signal, sampling);
    if (greedy === undefined) throw new RangeError('A group has as many samples as random seeds.');
    const samples = k === 0 ? [] : await drawGroup(endpoint, model, question, seeds, judged, signal);
    const all = [greedy, ...samples];
    if (all.some(({ promptCut }) => promptCut)) return { ok: false, reason: 'prompt-cut' };
    // What a server failed to say is no answer of the model's.
    if (all.some(({ evaluated }) => evaluated.verdict.verdict === 'unjudgeable'))
      return { ok: false, reason: 'unjudged' };
    if (all.some(({ evaluated }) => evaluated.finish === 'stall' || evaluated.finish === 'aborted'))
      return { ok: false, reason: 'stalled' };
    const result: EvaluatedTask = {
      taskId: task.id,
      kind: task.kind,
      unit: task.unit,
      repository,
      trivial: task.trivial,
      model: { name, digest },
      backend: sandbox.backend,
      relation,
      promptVersion: question.promptVersion,
      prompt: question.prompt,
      greedy: greedy.evaluated,
      samples: samples.map(({ evaluated }) => evaluated),
    };
    return { ok: true, result };
  } catch (error) {
    if (ModelError.is(error, 'prompt-too-long')) return { ok: false, reason: 'prompt-too-long' };
    throw error;
  }
}

/** A sampler's random seed in [0, 2³¹), by what it is for; below 0 are those of nonces. */
function seedOf(randomSeed: number, taskId: string, index: number): number {
  return createHash('sha256').update(`${randomSeed} ${taskId} ${index}`).digest().readUInt32BE(0) >>> 1;
}
