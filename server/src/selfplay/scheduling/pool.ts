import { setTimeout as wait } from 'node:timers/promises';
import type { Endpoint, ModelInfo, Probe, Sample, SampleRequest, Slot } from '../../model/endpoint.ts';
import { ModelError } from '../../model/model-error.ts';
import { Preempted } from '../../model/priority-gate.ts';
import { orAborted } from '../../or-aborted.ts';
import { gone, isBack, type Patience, usualPatience } from '../outage.ts';
import { PlayError } from '../play-error.ts';
import { modelChanged } from '../sampling.ts';
import { Member, type PoolMember } from './member.ts';

export interface PoolOptions {
  readonly members: readonly PoolMember[];
  /** The run's model; servers that have another one under its name are not asked. */
  readonly model: Pick<ModelInfo, 'name' | 'digest'>;
  /** Waits while nothing new may be asked: quiet hours, battery. */
  readonly clear: (signal: AbortSignal) => Promise<void>;
  readonly onEvent: (event: PoolEvent) => void;
  readonly patience?: Patience;
}

export type PoolEvent =
  /** A server failed, or is not asked any more; `detail` says why. */
  | { readonly type: 'outage'; readonly detail: string }
  /** A sample was given up for a person, without a reward, and is asked again. */
  | { readonly type: 'preempted'; readonly host: string };

/** How often in a row a server may fail that says it is there, before it counts as gone. */
const failuresInARow = 8;

/** How many servers or times one request is tried on before its own failure is told. */
const triesPerRequest = 3;

/** A group that had not begun when its run's budget ended: nothing of it was drawn. */
export class TooLate extends Error {
  override readonly name = 'TooLate';
}

/** Somebody who waits for a slot. */
interface Waiter {
  /** The middle of a group goes before its beginning. */
  readonly begun: boolean;
  readonly given: PromiseWithResolvers<Member>;
}

/**
 * Servers of one model, asked as one. A group keeps a slot while it is drawn. A server that fails is left alone for longer
 * and longer, while its groups go on elsewhere, nothing of them lost; where none is left they wait, for as long as a run
 * waits for a server.
 */
export class Pool implements Endpoint {
  readonly #options: PoolOptions;
  readonly #members: readonly Member[];
  readonly #patience: Patience;
  readonly #closing = new AbortController();
  readonly #waiters: Waiter[] = [];
  readonly #recoveries = new Set<Promise<void>>();
  /** Since when servers have failed without one that answered. */
  #failingSince: number | undefined;
  #end: PlayError | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#members = options.members.map((member) => new Member(member));
    this.#patience = options.patience ?? usualPatience;
  }

  get host(): string {
    return this.#members.map(({ endpoint }) => endpoint.host).join(', ');
  }

  /** Groups that can be drawn at once where every server answers. */
  get slots(): number {
    return this.#members.reduce((sum, { slots }) => sum + slots, 0);
  }

  /** Whether some server still has the run's model, as far as is known. */
  get isUsable(): boolean {
    return this.#end === undefined;
  }

  /** Looks at each server's model before anything is asked. Rejects as the signal says. */
  async begin(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#members.map((member) => this.#look(member, signal)));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#recoveries);
  }

  /** The first answer of a server, in their order. */
  async probe(signal: AbortSignal): Promise<Probe> {
    const probes = await Promise.all(this.#members.map(({ endpoint }) => endpoint.probe(signal)));
    const best = probes.find(({ state }) => state === 'ready') ?? probes[0];
    return best ?? { state: 'unreachable', host: '', detail: 'no server is named' };
  }

  model(name: string, signal: AbortSignal): Promise<ModelInfo | undefined> {
    return this.#any.model(name, signal);
  }

  models(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    return this.#any.models(signal);
  }

  /** Takes no slot, but waits for a server where none answers. */
  async render(model: string, message: string, signal: AbortSignal): Promise<string> {
    for (let tries = 1; ; tries += 1) {
      const member = this.#members.find(({ state }) => state === 'up') ?? (await this.#awaitMember(signal));
      try {
        return await member.endpoint.render(model, message, signal);
      } catch (error) {
        if (!isFailure(error)) throw error;
        this.#fail(member, error);
        if (tries === triesPerRequest) throw error;
      }
    }
  }

  async sample(request: SampleRequest, signal: AbortSignal): Promise<Sample> {
    const slot = await this.reserve(signal);
    try {
      return await slot.sample(request, signal);
    } finally {
      slot.release();
    }
  }

  /** Waits for a slot. Rejects with `PlayError` where no server comes back. */
  async reserve(signal: AbortSignal): Promise<Slot> {
    const taken = await this.#take(false, signal);
    let member: Member | undefined = taken;
    // With the slot in hand: what waited for one may have waited into quiet hours.
    await this.#options.clear(signal).catch((error: unknown) => {
      this.#give(taken);
      throw error;
    });
    const drawnFrom = new Set<Member>();
    return {
      sample: async (request, own) => {
        for (let tries = 1; ; tries += 1) {
          member ??= await this.#take(true, own);
          try {
            const sample = await this.#ask(member, request, own);
            drawnFrom.add(member);
            return sample;
          } catch (error) {
            if (!isFailure(error)) throw error;
            this.#fail(member, error);
            this.#give(member);
            member = undefined;
            if (tries === triesPerRequest) throw error;
          }
        }
      },
      models: (name, own) => Promise.all([...drawnFrom].map((each) => this.#modelOf(each, name, own))),
      release: () => {
        if (member !== undefined) this.#give(member);
        member = undefined;
      },
    };
  }

  /** The same servers, where no group begins any more that waited for its slot until `isOver`: it rejects with `TooLate`. */
  until(isOver: () => boolean): Endpoint {
    return {
      host: this.host,
      probe: (signal) => this.probe(signal),
      model: (name, signal) => this.model(name, signal),
      models: (signal) => this.models(signal),
      render: (model, message, signal) => this.render(model, message, signal),
      sample: (request, signal) => this.sample(request, signal),
      reserve: async (signal) => {
        const slot = await this.reserve(signal);
        if (!isOver()) return slot;
        slot.release();
        throw new TooLate();
      },
    };
  }

  get #any(): Endpoint {
    const member = this.#members.find(({ state }) => state === 'up') ?? this.#members[0];
    if (member === undefined) throw new RangeError('A pool has at least one server.');
    return member.endpoint;
  }

  async #ask(member: Member, request: SampleRequest, signal: AbortSignal): Promise<Sample> {
    try {
      const sample = await member.gate.batch((inside) => member.endpoint.sample(request, inside), signal);
      member.failures = 0;
      this.#failingSince = undefined;
      return sample;
    } catch (error) {
      if (error instanceof Preempted)
        this.#options.onEvent({ type: 'preempted', host: member.endpoint.host });
      throw error;
    }
  }

  /** What a server has under a name, waiting for it where it is away: what it drew counts only with its model known. */
  async #modelOf(member: Member, name: string, signal: AbortSignal): Promise<ModelInfo | undefined> {
    for (;;) {
      try {
        const model = await member.endpoint.model(name, signal);
        if (model?.digest !== this.#options.model.digest) this.#putOut(member);
        return model;
      } catch (error) {
        if (!isFailure(error)) throw error;
        this.#fail(member, error);
        await wait(this.#patience.firstMs, undefined, { signal });
        if (this.#end !== undefined) throw this.#end;
      }
    }
  }

  #take(begun: boolean, signal: AbortSignal): Promise<Member> {
    signal.throwIfAborted();
    const waiter: Waiter = { begun, given: Promise.withResolvers() };
    const at = begun ? this.#waiters.findIndex((other) => !other.begun) : -1;
    this.#waiters.splice(at === -1 ? this.#waiters.length : at, 0, waiter);
    this.#serve();
    return orAborted(waiter.given.promise, signal).catch((error: unknown) => {
      const waits = this.#waiters.indexOf(waiter);
      if (waits !== -1) this.#waiters.splice(waits, 1);
      // A slot that was given in the same moment goes back.
      else
        void waiter.given.promise.then(
          (member) => this.#give(member),
          () => undefined,
        );
      throw error;
    });
  }

  async #awaitMember(signal: AbortSignal): Promise<Member> {
    const member = await this.#take(true, signal);
    this.#give(member);
    return member;
  }

  #give(member: Member): void {
    member.used -= 1;
    this.#serve();
  }

  /** Hands out what is free, to the server with most room first. */
  #serve(): void {
    while (this.#waiters.length > 0) {
      if (this.#end !== undefined) {
        for (const { given } of this.#waiters.splice(0)) given.reject(this.#end);
        return;
      }
      const [best] = this.#members
        .filter(({ hasRoom }) => hasRoom)
        .sort((one, other) => other.slots - other.used - (one.slots - one.used));
      if (best === undefined) return;
      best.used += 1;
      this.#waiters.shift()?.given.resolve(best);
    }
  }

  #fail(member: Member, error: ModelError): void {
    this.#failingSince ??= performance.now();
    if (member.state !== 'up') return;
    member.failures += 1;
    member.state = 'down';
    this.#options.onEvent({ type: 'outage', detail: `${error.message} It is tried again.` });
    const recovery = this.#recover(member, error).finally(() => this.#recoveries.delete(recovery));
    this.#recoveries.add(recovery);
  }

  /** Looks at a server that failed until it is back, after pauses that grow with its failures. Never rejects. */
  async #recover(member: Member, error: ModelError): Promise<void> {
    const { firstMs, longestMs } = this.#patience;
    const { signal } = this.#closing;
    let pause = Math.min(firstMs * 2 ** (member.failures - 1), longestMs);
    try {
      for (; member.state === 'down' && this.#end === undefined; pause = Math.min(2 * pause, longestMs)) {
        await wait(pause, undefined, { signal });
        this.#endWhereGone(error);
        if (await isBack(member.endpoint, member.revive, signal)) await this.#look(member, signal);
      }
    } catch (failure) {
      if (!signal.aborted) this.#finish(asPlayError(failure, member.endpoint.host));
    }
  }

  /** Learns whether a server has the run's model; it is up then. A server that does not answer is down. */
  async #look(member: Member, signal: AbortSignal): Promise<void> {
    const { name, digest } = this.#options.model;
    try {
      const model = await member.endpoint.model(name, signal);
      if (model?.digest === digest) {
        member.state = 'up';
        this.#failingSince = undefined;
        this.#serve();
      } else this.#putOut(member);
    } catch (error) {
      if (!isFailure(error)) throw error;
      this.#fail(member, error);
    }
  }

  #putOut(member: Member): void {
    if (member.state === 'out') return;
    member.state = 'out';
    const { name } = this.#options.model;
    const { host } = member.endpoint;
    const changed = modelChanged(name);
    if (this.#members.every(({ state }) => state === 'out')) this.#finish(changed);
    else
      this.#options.onEvent({ type: 'outage', detail: `${host} is not asked any more: ${changed.message}` });
  }

  #endWhereGone(error: ModelError): void {
    if (this.#members.some(({ state }) => state === 'up')) return;
    const awayMs = performance.now() - (this.#failingSince ?? performance.now());
    const isUseless = this.#members.every(
      ({ state, failures }) => state === 'out' || failures >= failuresInARow,
    );
    if (awayMs >= this.#patience.totalMs || isUseless) this.#finish(gone(this.host, error));
  }

  /** Nobody can be asked any more: all that waits is told so. */
  #finish(end: PlayError): void {
    this.#end ??= end;
    this.#serve();
  }
}

/** What another server, or the same one later, may do better. */
function isFailure(error: unknown): error is ModelError {
  return ModelError.is(error) && error.reason !== 'prompt-too-long';
}

function asPlayError(failure: unknown, host: string): PlayError {
  if (PlayError.is(failure)) return failure;
  return gone(host, failure instanceof Error ? failure : new Error(String(failure)));
}
