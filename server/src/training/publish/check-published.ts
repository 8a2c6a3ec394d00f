import type { Attempt, Group } from '../../../../protocol/group.ts';
import type { Rescored } from '../../../../protocol/trainer.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import { sampleRecord } from '../../selfplay/sample-record.ts';
import { batchSample, onPolicy } from '../../selfplay/sampling.ts';
import type { NamedModel } from './candidate.ts';
import { PublishError } from './publish-error.ts';
import type { Rescorer } from './rescorer.ts';

/** How much a publish is checked with. */
export interface CheckSize {
  readonly completions: number;
  /** Tokens of each. */
  readonly mostTokens: number;
}

export const defaultSize: CheckSize = { completions: 64, mostTokens: 32 };

/** What the check is made with. */
export interface CheckOptions {
  readonly endpoint: Endpoint;
  /** The trainer's weights that were published. */
  readonly tuned: Rescorer;
  /** The trainer's weights that they were tuned from; absent where the base itself was published. */
  readonly base?: Rescorer;
  /** Groups whose prompts are sampled: of what the model plays, since elsewhere it may be as it was. One at least. */
  readonly groups: readonly Group[];
  readonly randomSeed: number;
  readonly size?: CheckSize;
}

/** What was found. `like-base`: the base's weights explain the samples better than the tuned ones do. */
export interface CheckFigures {
  readonly tuned: Rescored;
  readonly base: Rescored | null;
  readonly breaches: readonly (Rescored['breaches'][number] | 'like-base')[];
}

/**
 * How much nearer the base must be for a model to count as the base. Samples of the tuned model are nearer to the tuned weights but for
 * chance, which is far below this with hundreds of tokens; samples of the base are nearer to the base by all that was learnt, also
 * where that is too little to break a bound.
 */
const nearer = 0.9;

/**
 * Samples a published model as it will be played, has the trainer score the same tokens, and rejects with `PublishError` `broken` where
 * they are not of the weights that were trained (the figures are in the error), `nothing-sampled` where too little came to tell. The
 * endpoint's `ModelError` and the signal pass through.
 */
export async function checkPublished(
  model: NamedModel,
  { endpoint, tuned, base, groups, randomSeed, size = defaultSize }: CheckOptions,
  signal: AbortSignal,
): Promise<CheckFigures> {
  const lines: string[] = [];
  for (const [index, group] of groups.slice(0, size.completions).entries()) {
    const share = shareOf(size.completions, Math.min(groups.length, size.completions), index);
    const first = randomSeed + index * size.completions;
    const seeds = Array.from({ length: share }, (_, nth) => first + nth);
    lines.push(
      JSON.stringify(await sampledAgain(group, model, endpoint, seeds, size.mostTokens, index, signal)),
    );
  }
  const text = lines.map((line) => `${line}\n`).join('');
  const ours = await tuned.rescore(text, signal);
  // A token of each completion, on average: fewer tell of the server, not of the weights.
  if (ours === undefined || ours.tokens < size.completions)
    throw new PublishError(
      'nothing-sampled',
      `${model.name} gave ${ours?.tokens ?? 0} tokens that can be compared in ${size.completions} completions. Look at what it writes: ollama run ${model.name}`,
    );
  const theirs = (await base?.rescore(text, signal)) ?? null;
  const likeBase = theirs !== null && theirs.mean < nearer * ours.mean;
  const breaches = [...ours.breaches, ...(likeBase ? (['like-base'] as const) : [])];
  const figures: CheckFigures = { tuned: ours, base: theirs, breaches };
  if (breaches.length === 0) return figures;
  throw new PublishError('broken', `${model.name} is not what was trained: ${told(figures)}.`, { figures });
}

/** So many of a whole that each part has as many as the others, or one more. */
function shareOf(whole: number, parts: number, index: number): number {
  return Math.floor((whole * (index + 1)) / parts) - Math.floor((whole * index) / parts);
}

async function sampledAgain(
  group: Group,
  { name, digest }: NamedModel,
  endpoint: Endpoint,
  seeds: readonly number[],
  mostTokens: number,
  index: number,
  signal: AbortSignal,
): Promise<Group> {
  const sampling = { ...onPolicy(mostTokens), numCtx: group.sampling.numCtx };
  const samples: Omit<Attempt, 'verdict'>[] = [];
  for (const [nth, seed] of seeds.entries()) {
    // No end but the model's own: then the server counts its tokens, and one that it drops is noticed.
    const request = { model: name, prompt: group.prompt, sampling, randomSeed: seed, ends: () => false };
    const sample = await batchSample(endpoint, request, signal);
    const reward = { total: 0, parts: {} };
    samples.push({ ...sampleRecord({ sample, randomSeed: seed }, nth), answer: null, reward });
  }
  const changed = {
    id: `publish-check-${digest.slice(0, 12)}-${index}`,
    model: { name, digest },
    sampling,
    trainable: true,
    notTrainable: null,
  };
  // Nobody judges them: they are cut anywhere, and only their probabilities count.
  return group.role === 'solve'
    ? {
        ...group,
        ...changed,
        samples: samples.map((sample) => ({ ...sample, verdict: { verdict: 'wrong', reason: 'cut' } })),
      }
    : {
        ...group,
        ...changed,
        samples: samples.map((sample) => ({
          ...sample,
          verdict: { verdict: 'invalid', reason: 'cut' },
          taskId: null,
        })),
      };
}

function told({ tuned, base, breaches }: CheckFigures): string {
  const beside = base === null ? '' : `, the base's mean ${base.mean.toFixed(3)}`;
  return `${breaches.join(', ')} (mean ${tuned.mean.toFixed(3)}, 99th percentile ${tuned.p99.toFixed(3)}, share of tokens ${tuned.tokenShare.toFixed(3)}${beside}; ${tuned.tokens} tokens)`;
}
