import type { PseudoGroup, PseudoLabel, UnansweredCall } from '../../../../protocol/pseudo-label.ts';
import type { DeductionTask, Task } from '../../../../protocol/task.ts';
import { trivialContext } from '../../judge/trivial-context.ts';
import { ModelError } from '../../model/model-error.ts';
import type { Store } from '../../store/store.ts';
import type { Finding } from '../monitors/finding.ts';
import type { GroupOrigin } from '../sample-record.ts';
import { EveryGroups } from '../scheduling/every-groups.ts';
import type { SolveParts } from '../solve.ts';
import { type Asked, askForLabel } from './ask-for-label.ts';
import { isTooLow, labelAccuracy, leastAccuracy } from './label-accuracy.ts';

/** Groups of a run before the first batch, and from one batch to the next; a batch is six groups, a fifth of the model's time. */
export const batchGroups = { first: 8, between: 24 } as const;

/** What a batch asks: calls without a gold value, and verified tasks among them that check the labels. */
export const batchSize = { unanswered: 4, probes: 2 } as const;

/**
 * Versions of the model that are asked one call: Agent0 (arXiv 2511.16043) shows three iterations, and R-Zero's labels (arXiv
 * 2508.05004) were right less often in each of three.
 */
export const mostVersions = 3;

/** What is known when a run begins. */
export interface PseudoLabelsBefore {
  readonly calls: readonly UnansweredCall[];
  /** All that any run of this store asked. */
  readonly labels: readonly PseudoLabel[];
  /** Digest of the model that is asked. */
  readonly version: string;
  /** Groups that the run had before. */
  readonly groups: number;
}

/**
 * Majority labels where there is no oracle, on a track of their own (docs/self-play.md, "Pseudo-labels"). What is asked here is
 * in no rate, reference, report of a cell, evaluation or stream: it is written to the store's pseudo groups and nowhere else.
 */
export class PseudoLabels {
  readonly #store: Pick<Store, 'putPseudoGroup'>;
  readonly #version: string;
  /** What this version gave, in other runs too. */
  readonly #labels: PseudoLabel[];
  readonly #probed: Set<string>;
  #calls: readonly UnansweredCall[];
  readonly #turns: EveryGroups;

  constructor({ calls, labels, version, groups }: PseudoLabelsBefore, store: Pick<Store, 'putPseudoGroup'>) {
    this.#store = store;
    this.#version = version;
    this.#labels = labels.filter(({ model }) => model.digest === version);
    this.#probed = new Set(
      this.#labels.flatMap(({ about }) => (about.type === 'probe' ? [about.taskId] : [])),
    );
    this.#calls = calls.filter(({ id }) => mayAsk(id, labels, version));
    this.#turns = new EveryGroups(batchGroups, groups);
  }

  /** Whether it is time for a batch, after so many groups of the run, and there is something to ask. */
  isDue(groups: number): boolean {
    return this.#turns.isDue(groups) && this.#calls.length > 0 && !isTooLow(labelAccuracy(this.#labels));
  }

  /**
   * Asks a batch in random order; resolves to why no more is asked, where its probes say so. Without a verified task to check
   * labels on, nothing is asked. Rejects as `drawGroup` does.
   */
  async play(
    groups: number,
    tasks: readonly Task[],
    origin: GroupOrigin,
    parts: Omit<SolveParts, 'store'>,
    signal: AbortSignal,
  ): Promise<Finding | undefined> {
    return this.#turns.during(groups, async () => {
      const { choices } = parts;
      const probes = choices.some(this.#probesOf(tasks), batchSize.probes);
      const batch: Asked[] = [
        ...choices
          .some(this.#calls, batchSize.unanswered)
          .map((call) => ({ type: 'unanswered', call }) as const),
        ...probes.map((task) => ({ type: 'probe', task }) as const),
      ];
      if (probes.length > 0) {
        const { outputs } = trivialContext(tasks);
        for (const asked of choices.some(batch, batch.length)) {
          await this.#ask(asked, origin, { ...parts, outputs }, signal);
        }
      }
      return this.#finding();
    });
  }

  async #ask(
    asked: Asked,
    origin: GroupOrigin,
    parts: Parameters<typeof askForLabel>[2],
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const group = await askForLabel(asked, origin, parts, signal);
      await this.#store.putPseudoGroup(group);
      this.#labels.push(withoutTexts(group));
    } catch (error) {
      // It fits no better the next time.
      if (!ModelError.is(error, 'prompt-too-long')) throw error;
    }
    if (asked.type === 'probe') this.#probed.add(asked.task.id);
    else this.#calls = this.#calls.filter(({ id }) => id !== asked.call.id);
  }

  /** Mined tasks of this version that no trick gets: others would flatter the labels. */
  #probesOf(tasks: readonly Task[]): DeductionTask[] {
    return tasks.flatMap((task) => {
      const isProbe =
        task.kind === 'deduction' &&
        task.origin === 'mined' &&
        task.split === 'train' &&
        task.trivial === null &&
        !this.#probed.has(task.id);
      return isProbe ? [task] : [];
    });
  }

  #finding(): Finding | undefined {
    const measured = labelAccuracy(this.#labels);
    if (!isTooLow(measured)) return undefined;
    const { count, of, high } = measured;
    const percent = (share: number) => `${Math.round(100 * share)} %`;
    return {
      monitor: 'label-accuracy',
      action: 'stop-pseudo-labels',
      kind: null,
      measured,
      threshold: leastAccuracy,
      detail: `On verified tasks ${count} of ${of} majority labels were right, at most ${percent(high)}, and ${percent(leastAccuracy)} are asked for (${this.#version.slice(0, 12)}).`,
    };
  }
}

/** Whether a call may be asked of this version: once, and of no more versions than the cap. */
function mayAsk(id: string, labels: readonly PseudoLabel[], version: string): boolean {
  const versions = new Set(
    labels.flatMap(({ about, model }) =>
      about.type === 'unanswered' && about.call.id === id ? [model.digest] : [],
    ),
  );
  return !versions.has(version) && versions.size < mostVersions;
}

function withoutTexts({ prompt: _prompt, samples: _samples, ...label }: PseudoGroup): PseudoLabel {
  return label;
}
