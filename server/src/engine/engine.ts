import { access } from 'node:fs/promises';
import type { Problem } from '../../../protocol/status.ts';
import type { Task } from '../../../protocol/task.ts';
import { giveConsent, hasConsent } from '../store/consent.ts';
import { followStore } from '../store/follow-store.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { storePath } from '../store/store-path.ts';
import { indexedStore } from './indexed-store.ts';
import type { Log } from './log.ts';
import { errorText, problemOf } from './problem-of.ts';
import { TaskIndex } from './task-index.ts';

export interface EngineParts {
  /** The folder's URI as the client names it, and its name there. */
  readonly uri: string;
  readonly name: string;
  /** Absolute path. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Called after each change of what the engine knows or does. */
  readonly onChange: (what: 'tasks' | 'activity') => void;
}

/** How far mining is. `sandbox`: what programs run in, and why, in words; empty while none does. */
export interface MiningActivity {
  readonly type: 'mining';
  readonly filesDone: number;
  readonly files: number;
  readonly seeds: number;
  readonly sandbox: string;
}

/** What goes on with a folder. */
export type Activity =
  | { readonly type: 'none' }
  | { readonly type: 'opening' }
  | MiningActivity
  | { readonly type: 'playing' }
  | ({ readonly type: 'problem' } & Problem);

/**
 * One workspace folder: its store, its tasks in memory, and what goes on with it. Opening it reads the store where there
 * is one, and runs nothing.
 */
export class Engine {
  readonly uri: string;
  readonly name: string;
  readonly folder: string;
  readonly index = new TaskIndex();
  /** Fires when the folder is closed: whatever goes on with it ends. */
  readonly closing: AbortSignal;
  #seeds = 0;
  #consent = false;
  #activity: Activity = { type: 'none' };
  #store: Promise<Store> | undefined;
  #reading: Promise<void> | undefined;
  #follow = false;
  #following: AbortController | undefined;
  #work: Promise<unknown> = Promise.resolve();
  readonly #close = new AbortController();
  readonly #parts: EngineParts;

  constructor(parts: EngineParts) {
    this.uri = parts.uri;
    this.name = parts.name;
    this.folder = parts.folder;
    this.closing = this.#close.signal;
    this.#parts = parts;
  }

  get activity(): Activity {
    return this.#activity;
  }

  /** Seeds in the store. */
  get seeds(): number {
    return this.#seeds;
  }

  /** Whether a person had this folder mined, so that it may be played. */
  get consent(): boolean {
    return this.#consent;
  }

  /** Whether the folder is being mined or played: one thing at a time. */
  get busy(): boolean {
    return this.#activity.type === 'mining' || this.#activity.type === 'playing';
  }

  /**
   * Reads the folder's store into memory, where there is one; again when another process may have written to it. While
   * something goes on, what is in memory is current. Never rejects.
   */
  read(): Promise<void> {
    if (this.busy) return Promise.resolve();
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Whether what other processes write to the store is read as they write it. */
  async follow(on: boolean): Promise<void> {
    if (this.#follow === on) return;
    this.#follow = on;
    if (on) await this.#followWherePossible();
    else this.#stopFollowing();
  }

  /** Resolves once what was begun to be read is read. Work on the folder begins after it. */
  async ready(): Promise<void> {
    await this.#reading;
  }

  /** The folder's store, made where there is none; what is written through it enters the index. Rejects with `StoreError`. */
  store(): Promise<Store> {
    this.#store ??= this.#openStore().catch((error: unknown) => {
      this.#store = undefined;
      throw error;
    });
    return this.#store;
  }

  /** The whole of a task, from the store. */
  async task(id: string): Promise<Task | undefined> {
    if (this.index.task(id) === undefined) return undefined;
    const store = await this.store();
    return (await store.tasks({ ids: [id] }))[0];
  }

  /** Notes that a person had this folder mined. */
  async giveConsent(): Promise<void> {
    if (this.#consent) return;
    await giveConsent(await this.store(), this.folder);
    this.#consent = true;
  }

  async countSeeds(): Promise<void> {
    const store = await this.store();
    this.#seeds = (await store.counts()).seeds;
  }

  /** Keeps the folder for one piece of work, which `close` waits for. Call only when it is not busy. */
  occupy<T>(activity: Activity, work: () => Promise<T>): Promise<T> {
    this.become(activity);
    const result = work();
    this.#work = result.catch(() => undefined);
    return result;
  }

  become(activity: Activity): void {
    this.#activity = activity;
    this.#parts.onChange('activity');
  }

  /** Shows an error as the folder's state, and tells it to the log. */
  fail(error: unknown): Problem {
    return this.showProblem(problemOf(error), errorText(error));
  }

  /** Shows a problem as the folder's state; `text` is for the log. */
  showProblem(problem: Problem, text: string): Problem {
    this.#parts.log.error(`${this.name}: ${text}`);
    this.become({ type: 'problem', ...problem });
    return problem;
  }

  /** Takes in what another thread wrote to the store, as this one's own writes are. */
  noteWritten(note: (index: TaskIndex) => void): void {
    note(this.index);
    this.#parts.onChange('tasks');
  }

  /** Ends what goes on and closes the store. */
  async close(): Promise<void> {
    this.#close.abort();
    this.#stopFollowing();
    await this.#reading;
    await this.#work;
    const store = await this.#store?.catch(() => undefined);
    await store?.close();
  }

  async #read(): Promise<void> {
    this.become({ type: 'opening' });
    try {
      if (await this.#hasStore()) await this.#readStore();
      this.become({ type: 'none' });
    } catch (error) {
      this.fail(error);
    }
    this.#parts.onChange('tasks');
  }

  async #readStore(): Promise<void> {
    const store = await this.store();
    const [tasks, attempts, consent] = await Promise.all([
      store.tasks(),
      store.attempts(),
      hasConsent(store),
    ]);
    this.index.clear();
    this.index.put(tasks);
    for (const { taskId, ...record } of attempts) this.index.addRecord(taskId, record);
    this.#consent = consent;
    await this.countSeeds();
    await this.#followWherePossible();
  }

  async #followWherePossible(): Promise<void> {
    if (!this.#follow || this.#following !== undefined || this.#store === undefined) return;
    const following = new AbortController();
    this.#following = following;
    const onChange = () => void this.#readAgain();
    try {
      await followStore({ store: await this.#store, onChange, signal: following.signal });
    } catch (error) {
      this.#stopFollowing();
      this.#parts.log.warn(
        `${this.name}: what other processes do is not followed: ${problemOf(error).detail}`,
      );
    }
  }

  #stopFollowing(): void {
    this.#following?.abort();
    this.#following = undefined;
  }

  /** After another process wrote: nothing is shown as going on, only the tasks change. */
  async #readAgain(): Promise<void> {
    if (this.busy || this.closing.aborted) return;
    this.#reading ??= this.#readStore()
      .catch((error: unknown) => void this.fail(error))
      .finally(() => {
        this.#reading = undefined;
        this.#parts.onChange('tasks');
      });
    await this.#reading;
  }

  async #openStore(): Promise<Store> {
    const { folder, env, log, onChange } = this.#parts;
    const store = await openStore({ path: await storePath(folder, { env }) });
    if (store.putAside !== undefined) {
      log.warn(
        `${this.name}: its records were damaged. They are kept in ${store.putAside}; new ones were begun.`,
      );
    }
    return indexedStore(store, this.index, () => onChange('tasks'));
  }

  async #hasStore(): Promise<boolean> {
    const path = await storePath(this.folder, { env: this.#parts.env });
    return access(path).then(
      () => true,
      () => false,
    );
  }
}
