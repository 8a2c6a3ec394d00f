import type { Attempt, Group, NotTrainable, Proposal } from '../../../protocol/group.ts';
import type { Drawn } from './draw-sample.ts';

/** The part of a stored sample that is the same for proposals and attempts. */
export function sampleRecord(
  { sample, randomSeed, turns }: Drawn,
  index: number,
): Omit<Attempt, 'answer' | 'verdict' | 'reward'> {
  return {
    index,
    text: sample.text,
    tokens: [...sample.tokens],
    finish: sample.finish,
    randomSeed,
    promptTokens: sample.promptTokens,
    completionTokens: sample.completionTokens,
    promptMs: sample.promptMs,
    completionMs: sample.completionMs,
    ...(turns === undefined ? {} : { tool: [...turns.calls] }),
    trainable: !sample.tokens.some(({ bytes }) => bytes === replacementCharacter),
  };
}

/** What Ollama reports for a token that holds a part of a UTF-8 character only: the bytes of U+FFFD. */
const replacementCharacter = Buffer.from('\uFFFD').toString('base64');

/** Why a group may not be trained on; null where it may. */
export function notTrainable(
  drawn: readonly Drawn[],
  samples: readonly (Attempt | Proposal)[],
): NotTrainable | null {
  if (drawn.some(({ sample }) => sample.promptCut)) return 'prompt-cut';
  if (samples.some(({ tokens, completionTokens }) => tokens.length === 0 && completionTokens > 0))
    return 'no-logprobs';
  const unjudged = (sample: Attempt | Proposal) =>
    sample.verdict.verdict === 'unjudgeable' ||
    (sample.verdict.verdict === 'invalid' && sample.verdict.reason === 'sandbox');
  return samples.some(unjudged) ? 'unjudged' : null;
}

/** The fields of a group that its run decides, not its samples. */
export type GroupOrigin = Pick<Group, 'schema' | 'runId' | 'preset' | 'estimator' | 'model' | 'backend'>;
