import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { type Answer, opening, type Question } from './questions.ts';
import type { Store } from './store.ts';
import { StoreError } from './store-error.ts';

/** Questions that may wait for the worker. Whoever waits for each answer before the next question never gets there. */
const maxWaiting = 1_000;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: StoreError) => void;
}

/** Whatever posts messages to the store's worker: the worker itself, or a port to it. */
type Post = (question: Question, transfer: readonly MessagePort[]) => void;

/** One way to the store's worker: asks, and hands answers to whom they are for. */
export class Asker {
  readonly #path: string;
  readonly #post: Post;
  readonly #waiting = new Map<number, Waiting>();
  readonly #opened: Promise<unknown>;
  #last: number = opening;
  /** Why nothing can be asked any more. */
  #over: StoreError | undefined;

  constructor(path: string, post: Post) {
    this.#path = path;
    this.#post = post;
    this.#opened = new Promise((resolve, reject) => this.#waiting.set(opening, { resolve, reject }));
  }

  /** To be called with each message that comes back. */
  answered(answer: Answer): void {
    const asked = this.#waiting.get(answer.number);
    this.#waiting.delete(answer.number);
    if (answer.ok) asked?.resolve(answer.value);
    else asked?.reject(new StoreError(answer.reason, answer.message));
  }

  /** Nothing can be asked from now on, for this reason where there was none; what waits gets no answer. */
  end(error: StoreError): void {
    this.#over ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#over);
    this.#waiting.clear();
  }

  /** Closes the database, behind what was asked before. Never rejects. */
  async close(): Promise<void> {
    const answered = this.#ask((number) => [{ number, operation: 'close' }]);
    this.#over ??= closed(this.#path);
    await answered.catch(() => undefined);
  }

  /** The store's operations, once the database is open. Rejects with `StoreError` where it cannot be opened. */
  async operations(): Promise<Omit<Store, 'path' | 'putAside' | 'close'>> {
    const names = (await this.#opened) as readonly Exclude<Question['operation'], 'close' | 'share'>[];
    const operations = Object.fromEntries(
      names.map((operation) => [
        operation,
        (...args: unknown[]) => this.#ask((number) => [{ number, operation, args }]),
      ]),
    ) as unknown as Omit<Store, 'path' | 'putAside' | 'close' | 'share'>;
    return { ...operations, share: () => this.#share() };
  }

  async #share(): Promise<MessagePort> {
    const { port1, port2 } = new MessageChannel();
    try {
      await this.#ask((number) => [{ number, operation: 'share', port: port1 }, port1]);
      return port2;
    } catch (error) {
      port2.close();
      throw error;
    }
  }

  #ask(question: (number: number) => readonly [Question, ...MessagePort[]]): Promise<unknown> {
    if (this.#over !== undefined) return Promise.reject(this.#over);
    if (this.#waiting.size >= maxWaiting) {
      const message = `${this.#path}: ${maxWaiting} questions wait already. Wait for answers before asking more.`;
      return Promise.reject(new StoreError('overloaded', message));
    }
    this.#last += 1;
    const number = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      const [asked, ...transfer] = question(number);
      this.#post(asked, transfer);
    });
  }
}

/** What is said of a store that was closed. */
export function closed(path: string): StoreError {
  return new StoreError('closed', `${path} was closed.`);
}
