import type { PublishedRound } from '../training/trainer/publish-trained.ts';
import { type TrainedRound, tokensOf } from '../training/trainer/train-round.ts';
import { counted } from './counted.ts';

/** What became of the weights: published, or put into a file. */
export interface Brought {
  readonly file: string | null;
  readonly published: PublishedRound | null;
}

/** What a round of training came to, as `train --json` writes it. */
export interface TrainingReport {
  readonly run: string;
  readonly round: number;
  readonly trainer: string;
  readonly base: { readonly name: string; readonly digest: string };
  /** `trained`: this was done before, and nothing is new. */
  readonly how: TrainedRound['how'];
  readonly groups: number;
  readonly steps: number;
  readonly tokens: number;
  readonly seconds: number;
  /** Mean loss of the first and of the last step; null without a step. */
  readonly loss: { readonly first: number; readonly last: number } | null;
  /** Steps that were not taken, records and samples that were not trained on, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly refused: Readonly<Record<string, number>>;
  readonly file: string | null;
  readonly published: {
    readonly name: string;
    readonly digest: string;
    readonly form: string;
    readonly mean: number;
    readonly p99: number;
    readonly tokenShare: number;
    readonly baseMean: number | null;
  } | null;
}

export function trainingReport(
  { noted, round, state, how, refusedOnArrival }: TrainedRound,
  trainer: string,
  { file, published }: Brought,
): TrainingReport {
  const [first, last] = [state.steps.at(0), state.steps.at(-1)];
  return {
    run: noted.run.id,
    round,
    trainer,
    base: noted.base,
    how,
    groups: noted.rounds[round - 1]?.request.records.length ?? 0,
    steps: state.steps.length,
    tokens: tokensOf(state),
    seconds: state.seconds,
    loss: first === undefined || last === undefined ? null : { first: first.loss, last: last.loss },
    skipped: countedBy(state.skipped),
    refused: countedBy(
      state.refused.map(({ reason }) => reason),
      refusedOnArrival,
    ),
    file,
    published:
      published === null
        ? null
        : {
            name: published.model.name,
            digest: published.model.digest,
            form: `${published.model.mark.form} ${published.model.mark.type}`,
            mean: published.figures.tuned.mean,
            p99: published.figures.tuned.p99,
            tokenShare: published.figures.tuned.tokenShare,
            baseMean: published.figures.base?.mean ?? null,
          },
  };
}

/** The report for a person. */
export function trainingText(report: TrainingReport): string {
  const { round, groups, steps, tokens, seconds, loss, file, published } = report;
  const learnt =
    loss === null
      ? 'Nothing was learnt: no step was taken, and the weights are as they were.'
      : `${counted(steps, 'step')}, ${counted(tokens, 'token')} trained in ${seconds.toFixed(1)} s; loss ${loss.first.toFixed(4)} at the first, ${loss.last.toFixed(4)} at the last.`;
  const lines = [`Round ${round}, ${counted(groups, 'group')}: ${learnt}`];
  const reasons = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([reason, count]) => `${count} ${reason}`)
      .join(', ');
  if (Object.keys(report.refused).length > 0)
    lines.push(`Not trained on: ${reasons(report.refused)} (docs/training.md).`);
  if (Object.keys(report.skipped).length > 0) lines.push(`Steps not taken: ${reasons(report.skipped)}.`);
  if (file !== null) lines.push(`The weights are in ${file}; --publish makes them a model in Ollama.`);
  if (published !== null) {
    const { name, form, mean, p99, tokenShare } = published;
    lines.push(`Published as ${name} (${form}), and it is what was trained:`);
    lines.push(
      `mean difference of log-probabilities ${mean.toFixed(3)}, 99th percentile ${p99.toFixed(3)}, effective share of tokens ${tokenShare.toFixed(3)}.`,
    );
  }
  return lines.join('\n');
}

function countedBy(
  reasons: readonly string[],
  before: Readonly<Record<string, number>> = {},
): Record<string, number> {
  const counts: Record<string, number> = { ...before };
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
