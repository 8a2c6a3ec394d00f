import { createHash } from 'node:crypto';
import { readCall } from '../../values/literal-reader.ts';
import { writeCall } from '../../values/literal-writer.ts';
import type { Call } from '../../values/value.ts';
import type { CallProposer, CallSubject, OpenedModel, ProposedCall } from './call-proposer.ts';

/** Bounds of asking a model. */
export interface AskingLimits {
  /** Answers for one unit. */
  readonly answers: number;
  /** Answers without a new call, from the first one on, after which a unit is given up. */
  readonly hopeless: number;
  /** Time for one unit, milliseconds. */
  readonly unitMs: number;
  /** Time for all units of one mining, milliseconds, with what it takes until the model is loaded. */
  readonly totalMs: number;
}

const usualLimits: AskingLimits = { answers: 12, hopeless: 6, unitMs: 90_000, totalMs: 5 * 60_000 };

/** Why no more is asked: the model cannot be asked, or the time for it is over; with what to do, for a person. */
export interface AskingEnd {
  readonly loss: 'not-asked' | 'asking-over';
  readonly detail: string;
}

/** What a model said of one unit. */
export interface Answers {
  /** New ones, no two alike. */
  readonly calls: readonly Call[];
  /** Digest of the model. */
  readonly model: string;
  readonly answers: number;
  readonly wellFormed: number;
}

/**
 * Asks a model for calls, of one unit at a time. The first failure ends it: what went wrong is to be told once, and mining goes on
 * without the model.
 */
export class Proposals {
  readonly #proposer: CallProposer;
  readonly #limits: AskingLimits;
  #turn: Promise<void> = Promise.resolve();
  #opened: OpenedModel | undefined;
  #spentMs = 0;
  #isOver = false;
  #end: AskingEnd | undefined;

  constructor(proposer: CallProposer, limits: Partial<AskingLimits> = {}) {
    this.#proposer = proposer;
    this.#limits = { ...usualLimits, ...limits };
  }

  /** What ended the asking; given out once. */
  takeEnd(): AskingEnd | undefined {
    const end = this.#end;
    this.#end = undefined;
    return end;
  }

  /** At most `wanted` calls that are not among the known texts; undefined where the model cannot be asked. Rejects only as the signal says. */
  async of(
    subject: CallSubject,
    wanted: number,
    known: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<Answers | undefined> {
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    await before;
    const begun = performance.now();
    try {
      signal.throwIfAborted();
      if (this.#isOver) return undefined;
      const digest = await this.#open(signal);
      this.#spentMs += performance.now() - begun;
      return digest === undefined ? undefined : await this.#ask(subject, digest, { wanted, known }, signal);
    } finally {
      resolve();
    }
  }

  async #open(signal: AbortSignal): Promise<string | undefined> {
    const { totalMs } = this.#limits;
    this.#opened ??= await within(totalMs, signal, (limited) => this.#proposer.open(limited));
    if (this.#opened?.ok === true) return this.#opened.digest;
    return this.#giveUp('not-asked', this.#opened?.detail ?? this.#tooSlow('was not ready', totalMs));
  }

  async #ask(
    subject: CallSubject,
    model: string,
    { wanted, known }: { readonly wanted: number; readonly known: ReadonlySet<string> },
    signal: AbortSignal,
  ): Promise<Answers | undefined> {
    const { answers: most, hopeless, unitMs, totalMs } = this.#limits;
    const leftMs = totalMs - this.#spentMs;
    if (leftMs <= 0) return this.#giveUp('asking-over', this.#timeOver());
    const calls = new Map<string, Call>();
    const counts = { answers: 0, wellFormed: 0 };
    const begun = performance.now();
    const until = begun + Math.min(unitMs, leftMs);
    while (calls.size < wanted && counts.answers < (calls.size === 0 ? hopeless : most)) {
      const randomSeed = randomSeedOf(subject, counts.answers);
      const said = await within(until - performance.now(), signal, (limited) =>
        this.#proposer.propose(subject, randomSeed, limited),
      );
      if (said === undefined && leftMs < unitMs) this.#giveUp('asking-over', this.#timeOver());
      // A unit for which the time ran out after some answers is done with these.
      else if (said === undefined && counts.answers === 0)
        this.#giveUp('not-asked', this.#tooSlow('gave no call', unitMs));
      if (said?.outcome === 'failed') this.#giveUp('not-asked', said.detail);
      if (said === undefined || said.outcome === 'failed' || said.outcome === 'too-long') break;
      counts.answers += 1;
      const read = callOf(said);
      if (read === undefined) continue;
      counts.wellFormed += 1;
      if (!known.has(read.text)) calls.set(read.text, read.call);
    }
    this.#spentMs += performance.now() - begun;
    return { calls: [...calls.values()], model, ...counts };
  }

  #giveUp(loss: AskingEnd['loss'], detail: string): undefined {
    this.#isOver = true;
    this.#end = { loss, detail };
    return undefined;
  }

  #timeOver(): string {
    const { totalMs } = this.#limits;
    return `${this.#proposer.name} was asked for calls for ${totalMs / 60_000} min, which is all its time; the functions after that were not asked about. Use a faster model.`;
  }

  #tooSlow(what: string, ms: number): string {
    return `${this.#proposer.name} ${what} within ${ms / 1000} s. Use a smaller model, or leave it more of the processor.`;
  }
}

/** The call as it reads when it is written, so that it is the same for whoever reads the record. */
function callOf(said: ProposedCall): { readonly text: string; readonly call: Call } | undefined {
  if (said.outcome !== 'call') return undefined;
  const text = writeCall(said.call);
  const read = readCall(text);
  return read.ok ? { text, call: read.value } : undefined;
}

/** The same answers each time, as far as the model gives them. */
function randomSeedOf({ program, entry }: CallSubject, index: number): number {
  return createHash('sha256').update(`${index} ${entry}\n${program}`).digest().readUInt32BE(0) >>> 1;
}

/** Undefined where the time runs out first. */
async function within<T>(
  ms: number,
  signal: AbortSignal,
  work: (limited: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), Math.max(0, ms));
  try {
    return await work(AbortSignal.any([signal, limit.signal]));
  } catch (error) {
    signal.throwIfAborted();
    if (!limit.signal.aborted) throw error;
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
