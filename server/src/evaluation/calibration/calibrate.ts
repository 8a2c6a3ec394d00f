import { createHash } from 'node:crypto';
import type { Calibration, StyleCounts } from '../../../../protocol/calibration.ts';
import { cellName } from '../../../../protocol/kind.ts';
import type { Backend } from '../../../../protocol/sandbox.ts';
import type { Endpoint, ModelInfo, Sample } from '../../model/endpoint.ts';
import { ModelError } from '../../model/model-error.ts';
import { keepCalibration } from '../../selfplay/calibrated-styles.ts';
import type { Revive } from '../../selfplay/outage.ts';
import { onPolicy } from '../../selfplay/sampling.ts';
import type { Store } from '../../store/store.ts';
import { kindSpec } from '../../tasks/kinds.ts';
import { allStyles } from '../../tasks/styles/style.ts';
import { modelInfo, patiently } from '../ask-models.ts';
import { EvaluationError } from '../evaluation-error.ts';
import { hasChatTemplate } from './chat-template.ts';
import type { CalibrationItem, CellItems, Judged } from './items.ts';
import { aboutOf, keepProgress, newProgress, type Progress, storedProgress } from './progress.ts';
import { chosen, halved, measured, rounds, roundTarget } from './ranking.ts';

export interface CalibrateOptions {
  /** Questions put in a style that stays to the end. */
  readonly samples: number;
  /** Wall time, minutes. */
  readonly minutes: number;
  readonly randomSeed: number;
}

export interface CalibrateParts {
  readonly endpoint: Endpoint;
  readonly revive?: Revive;
  readonly store: Pick<Store, 'note' | 'setNote' | 'audit'>;
  readonly backend: Backend;
  /** Told after each question, with how many were put in all, those of earlier times among them. */
  readonly onAsked: (count: number, round: number) => void;
  /** Milliseconds that pass; the machine's own where absent. */
  readonly clock?: () => number;
}

/** What was found, and the error or signal that ended it where one did: what was counted by then is kept, and gone on with. */
export interface Calibrated {
  readonly found: Calibration;
  readonly stopped?: { readonly error: unknown };
}

/**
 * Asks a model the questions of each cell in every style, at temperature 1 as in play, and keeps the best style of each cell for it.
 * Styles are halved from round to round; within a round one question is put in all styles of all cells before the next one, so that
 * what the time cuts off is cut off evenly. Rejects with `EvaluationError` or `ModelError` where it cannot begin.
 */
export async function calibrate(
  model: ModelInfo,
  cells: readonly CellItems[],
  options: CalibrateOptions,
  parts: CalibrateParts,
  signal: AbortSignal,
): Promise<Calibrated> {
  const { store, endpoint, backend, clock = () => performance.now() } = parts;
  const deadline = clock() + options.minutes * 60_000;
  const { samples, randomSeed } = options;
  const hasTemplate = await patiently(() => hasChatTemplate(endpoint, model.name, signal), parts, signal);
  const about = aboutOf(cells, { samples, randomSeed, hasTemplate });
  let progress = (await storedProgress(store, model.digest, about)) ?? newProgress(cells, about, hasTemplate);
  const found = (ended: Calibration['ended']): Calibration => ({
    schema: 1,
    model: { name: model.name, digest: model.digest },
    backend,
    startedAt: progress.startedAt,
    endedAt: new Date().toISOString(),
    ended,
    samples,
    randomSeed,
    hasTemplate,
    cells: cells.map(({ kind, role, items }) => {
      const styles = progress.cells[cellName({ kind, role })] ?? [];
      const { promptVersion } = kindSpec(kind);
      const choice =
        ended === 'stopped'
          ? ({ chosen: null, why: 'stopped' } as const)
          : chosen(styles, { items: items.length, samples });
      return { kind, role, promptVersion, items: items.length, ...choice, styles: styles.map(measured) };
    }),
  });
  try {
    const ended = await askRounds();
    const calibration = found(ended);
    await keepCalibration(store, calibration);
    await keepProgress(store, model.digest, ended === 'done' ? undefined : progress);
    return { found: calibration };
  } catch (error) {
    return { found: found('stopped'), stopped: { error } };
  }

  async function askRounds(): Promise<'done' | 'minutes'> {
    for (; progress.round <= rounds; progress = nextRound(progress)) {
      for (let index = 0; index < roundTarget(progress.round, samples); index += 1) {
        for (const at of allStyles.keys())
          for (const cell of cells) if (await askIn(cell, at, index)) return 'minutes';
        const now = await patiently(() => modelInfo(endpoint, model.name, signal), parts, signal);
        if (now.digest !== model.digest) {
          const message = `${model.name} is now another model than the one this calibration began with.`;
          throw new EvaluationError('model-changed', message);
        }
      }
    }
    return 'done';
  }

  /** Puts a question in the style at this place, where it is left and was not asked it yet. True where the time is over. */
  async function askIn({ kind, role, items }: CellItems, at: number, index: number): Promise<boolean> {
    const name = cellName({ kind, role });
    const styles = progress.cells[name] ?? [];
    const counts = styles[at];
    const item = items[index % items.length];
    if (item === undefined || counts === undefined) return false;
    if (counts.droppedAfter !== null || putIn(counts) > index) return false;
    if (clock() >= deadline) return true;
    const added = await patiently(() => put(item, counts, `${randomSeed} ${name} ${index}`), parts, signal);
    progress = { ...progress, cells: { ...progress.cells, [name]: styles.with(at, added) } };
    await keepProgress(store, model.digest, progress);
    const all = Object.values(progress.cells).flat();
    parts.onAsked(
      all.reduce((sum, each) => sum + putIn(each), 0),
      progress.round,
    );
    return false;
  }

  async function put(item: CalibrationItem, counts: StyleCounts, seed: string): Promise<StyleCounts> {
    let nonces = 0;
    const draw = () => {
      nonces += 1;
      return numberOf(`${seed} nonce ${nonces}`);
    };
    const asked = await item.ask(counts.style, { endpoint, model: model.name, draw }, signal);
    const { prompt, ends, numPredict, format } = asked;
    const request = {
      model: model.name,
      prompt,
      ends,
      sampling: onPolicy(numPredict),
      randomSeed: numberOf(seed),
    };
    try {
      const sample = await endpoint.sample(format === undefined ? request : { ...request, format }, signal);
      if (sample.promptCut) return { ...counts, skipped: counts.skipped + 1 };
      return counted(counts, sample, await asked.judge(sample.text, sample.finish));
    } catch (error) {
      if (!ModelError.is(error, 'prompt-too-long')) throw error;
      return { ...counts, skipped: counts.skipped + 1 };
    }
  }
}

/** Ends a round: the worse half of each cell's styles is asked no more. */
function nextRound(progress: Progress): Progress {
  const { round, cells } = progress;
  const halve = ([name, styles]: [string, StyleCounts[]]): [string, StyleCounts[]] => [
    name,
    round < rounds ? halved(styles, round) : styles,
  ];
  return { ...progress, round: round + 1, cells: Object.fromEntries(Object.entries(cells).map(halve)) };
}

/** Adds an answer. What a server broke off is no answer of the model's. */
function counted(counts: StyleCounts, sample: Sample, judged: Judged): StyleCounts {
  if (judged === undefined || sample.finish === 'stall' || sample.finish === 'aborted')
    return { ...counts, unjudged: counts.unjudged + 1 };
  return {
    ...counts,
    asked: counts.asked + 1,
    parsed: counts.parsed + Number(judged.parsed),
    right: counts.right + Number(judged.right),
    promptTokens: counts.promptTokens + sample.promptTokens,
    completionTokens: counts.completionTokens + sample.completionTokens,
  };
}

function putIn({ asked, skipped, unjudged }: StyleCounts): number {
  return asked + skipped + unjudged;
}

/** A number in [0, 2³¹) by what it is for. */
function numberOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) >>> 1;
}
