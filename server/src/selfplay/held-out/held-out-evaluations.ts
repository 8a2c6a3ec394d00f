import type { Run } from '../../../../protocol/run.ts';
import { askTask } from '../../evaluation/ask-task.ts';
import { checkItems } from '../../evaluation/check-items.ts';
import type { EvaluationItem } from '../../evaluation/item.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import { ModelError } from '../../model/model-error.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Store } from '../../store/store.ts';
import type { Styles } from '../../tasks/styles/style.ts';
import { solvesPerEvaluation } from '../monitors/watch.ts';
import { type AskedSample, askedSamples, type HeldOutAnswer } from './held-out-answers.ts';

/** The most of the model's time that held-out tasks take; one task may reach over it. */
export const heldOutShare = 0.05;

/** How often a server may fail on a task before the run's sample goes without it. */
const failuresOfTask = 3;

export interface HeldOutParts {
  readonly endpoint: Endpoint;
  readonly sandbox: Sandbox;
  readonly store: Pick<Store, 'audit'>;
  readonly styles: Styles;
  readonly run: Pick<Run, 'id' | 'model' | 'randomSeed'>;
}

/** How far a run is: groups of attempts, and milliseconds that the model spent on groups. */
export interface Progress {
  readonly solved: number;
  readonly modelMs: number;
}

/**
 * Asks a run's model a fixed sample of held-out tasks again and again, one greedy answer each: one task in place of a turn while
 * they take less of the model's time than their share, so that the first answer comes at once and the whole sample as the run goes on.
 * The sample is begun anew after `solvesPerEvaluation` groups at the earliest. Answers stand in the audit log alone (`held-out`): in no
 * group, rate, prompt of another task or stream. What is not asked to its end is asked the next time; what cannot be asked or judged
 * falls out of the sample.
 */
export class HeldOutEvaluations {
  #sample: readonly EvaluationItem[];
  /** The time that goes on, or the last one where the next has not begun. */
  #time: AskedSample | undefined;
  readonly #asked: Set<string>;
  readonly #failures = new Map<string, number>();
  #spentMs: number;
  #isAsking = false;

  /** `earlier`: what the run was answered before it was resumed. */
  constructor(sample: readonly EvaluationItem[], earlier: readonly HeldOutAnswer[]) {
    this.#sample = sample;
    this.#time = askedSamples(earlier).at(-1);
    this.#asked = new Set(
      earlier.flatMap(({ evaluation, task }) => (evaluation === this.#time?.evaluation ? task : [])),
    );
    this.#spentMs = earlier.reduce((sum, { modelMs }) => sum + modelMs, 0);
  }

  /** Whether it is time for a task. Never while one is being asked. */
  isDue({ solved, modelMs }: Progress): boolean {
    if (this.#isAsking || this.#sample.length === 0) return false;
    if (this.#spentMs > heldOutShare * (this.#spentMs + modelMs)) return false;
    return this.#left.length > 0 || solved >= (this.#time?.solvedBefore ?? 0) + solvesPerEvaluation;
  }

  /** Asks one task; resolves to how the whole sample did where this was its last one. Rejects as `askTask` does. */
  async ask(
    { solved }: Progress,
    parts: HeldOutParts,
    signal: AbortSignal,
  ): Promise<AskedSample | undefined> {
    this.#isAsking = true;
    try {
      const before = this.#time === undefined || this.#left.length === 0 ? this.#begin(solved) : this.#time;
      const [item] = this.#left;
      if (item === undefined) return undefined;
      const time = (await this.#askItem(item, { ...before, solved }, parts, signal)) ?? before;
      this.#time = time;
      return time.judged === 0 || this.#left.length > 0 ? undefined : { ...time, isWhole: true };
    } finally {
      this.#isAsking = false;
    }
  }

  /** What is still to be asked this time, those last on which a server failed. */
  get #left(): readonly EvaluationItem[] {
    const failures = ({ task }: EvaluationItem) => this.#failures.get(task.id) ?? 0;
    return this.#sample
      .filter(({ task }) => !this.#asked.has(task.id))
      .toSorted((a, b) => failures(a) - failures(b));
  }

  #begin(solved: number): AskedSample {
    const evaluation = (this.#time?.evaluation ?? -1) + 1;
    this.#asked.clear();
    return { evaluation, right: 0, judged: 0, isWhole: false, solvedBefore: solved, solved };
  }

  /** The time with one more answer; undefined where the task falls out of the sample. */
  async #askItem(
    item: EvaluationItem,
    time: AskedSample,
    { endpoint, sandbox, store, styles, run }: HeldOutParts,
    signal: AbortSignal,
  ): Promise<AskedSample | undefined> {
    const { id: runId, model, randomSeed } = run;
    // What happened to agree when the task was made shows when it is asked (invariant 12).
    const checked = await checkItems([item], sandbox, () => undefined, signal);
    const [here] = checked.items;
    if (here === undefined) return this.#drop(item);
    const options = { k: 0, randomSeed, styles: new Map([[model.digest, styles]]) };
    const asked = await askTask(here, model, options, { endpoint, sandbox }, signal).catch(
      (error: unknown) => {
        if (ModelError.is(error)) this.#failed(item);
        throw error;
      },
    );
    if (!asked.ok) return this.#drop(item);
    const { greedy, samples: _, taskId: task, kind, ...about } = asked.result;
    const { verdict, modelMs, ...answer } = greedy;
    if (verdict.verdict === 'gained') throw new TypeError('Execution alone judges a held-out task.');
    const { evaluation, solved } = time;
    const of = this.#sample.length;
    const counted = { runId, evaluation, of, task, kind, verdict, modelMs, solved };
    await store.audit({ what: 'held-out', detail: { ...about, ...answer, ...counted } });
    this.#spentMs += modelMs;
    this.#asked.add(task);
    const right = time.right + Number(verdict.verdict === 'right');
    return { ...time, right, judged: time.judged + 1 };
  }

  #failed(item: EvaluationItem): void {
    const failures = (this.#failures.get(item.task.id) ?? 0) + 1;
    this.#failures.set(item.task.id, failures);
    if (failures >= failuresOfTask) this.#drop(item);
  }

  #drop({ task }: EvaluationItem): undefined {
    this.#sample = this.#sample.filter((item) => item.task.id !== task.id);
  }
}
