import type { PseudoGroup, UnansweredCall } from '../../../../protocol/pseudo-label.ts';
import type { DeductionTask } from '../../../../protocol/task.ts';
import { givenCall, givenOutput } from '../../judge/gold.ts';
import type { CommonOutput } from '../../judge/trivial-context.ts';
import { trivialDeduction } from '../../judge/trivial-deduction.ts';
import { eventId } from '../../tasks/record-id.ts';
import { askInStyle } from '../../tasks/styles/ask-in-style.ts';
import { solving } from '../../tasks/styles/exercise.ts';
import { defaultStyles } from '../../tasks/styles/style.ts';
import type { Drawn } from '../draw-sample.ts';
import { type GroupOrigin, sampleRecord } from '../sample-record.ts';
import { drawGroup, onPolicy } from '../sampling.ts';
import type { SolveParts } from '../solve.ts';
import { agrees, type Majority, majority } from './majority.ts';

/** What is asked for a label: a call without a gold value, or a verified task, which the model cannot tell from one. */
export type Asked =
  | { readonly type: 'unanswered'; readonly call: UnansweredCall }
  | { readonly type: 'probe'; readonly task: DeductionTask };

/** What asking takes; `outputs` are those of the known tasks, commonest first. */
export interface LabelParts extends Pick<SolveParts, 'endpoint' | 'choices' | 'preset' | 'now' | 'styles'> {
  readonly outputs: readonly CommonOutput[];
}

/** Draws a group of answers and takes the majority's for a label, if it may be one. Rejects as `drawGroup` does. */
export async function askForLabel(
  asked: Asked,
  { runId, model }: GroupOrigin,
  { endpoint, choices, preset, now, styles = defaultStyles, outputs }: LabelParts,
  signal: AbortSignal,
): Promise<PseudoGroup> {
  const question = asked.type === 'probe' ? asked.task : asked.call;
  const style = styles({ kind: 'deduction', role: 'solve' });
  const asker = { endpoint, model: model.name, draw: () => choices.randomSeed() };
  const put = await askInStyle(solving(question), style, asker, signal);
  const randomSeeds = Array.from({ length: preset.groupSize.solve }, () => choices.randomSeed());
  const read = (drawn: Drawn) => {
    const { text, finish } = drawn.sample;
    return Promise.resolve({ drawn, answer: put.read(text, finish) ?? null });
  };
  const drawn = await drawGroup(endpoint, model, put, randomSeeds, read, signal);
  const found = worthy(majority(drawn.map(({ answer }) => answer)), question, outputs);
  const { label, noLabel, agreement } = found;
  return {
    schema: 1,
    track: 'pseudo',
    id: eventId(),
    runId,
    about:
      asked.type === 'unanswered'
        ? asked
        : {
            type: 'probe',
            taskId: asked.task.id,
            isRight: label === null ? null : agrees(label, asked.task.output),
          },
    label,
    noLabel,
    agreement,
    estimator: 'adpo',
    trainable: false,
    notTrainable: 'pseudo-label',
    model,
    promptVersion: put.promptVersion,
    prompt: put.prompt,
    sampling: onPolicy(put.numPredict),
    createdAt: now(),
    samples: drawn.map(({ drawn: each, answer }, index) => {
      // R_i = 1[o_i = ỹ] (Agent0, arXiv 2511.16043): nothing is paid where there is no label.
      const total = label !== null && agrees(answer, label) ? 1 : 0;
      return { ...sampleRecord(each, index), answer, reward: { total, parts: { agreement } } };
    }),
  };
}

/** A label that a cheap trick gives tells nothing: a model that cannot answer gives one too, and often. */
function worthy(
  found: Majority,
  { call }: { readonly call: string },
  outputs: readonly CommonOutput[],
): Majority {
  if (found.label === null) return found;
  const [read, output] = [givenCall(call), givenOutput(found.label)];
  const isTrivial =
    read.ok && output.ok && trivialDeduction(read.value, output.value, outputs, undefined) !== null;
  return isTrivial ? { label: null, noLabel: 'trivial', agreement: found.agreement } : found;
}
