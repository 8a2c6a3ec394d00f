import { Worker } from 'node:worker_threads';
import { entryPoint } from '../../entry-point.ts';
import type { LoadOptions } from '../workspace.ts';
import type { FileIndex, FoundInText } from './file-index.ts';
import type { WantedNames } from './wanted-names.ts';

/** What a thread is told: the names that are looked for, once, then what to index. It starts with how files are read. */
export type IndexMessage = { readonly type: 'wanted'; readonly wanted: WantedNames } | IndexQuestion;

export interface IndexQuestion {
  readonly type: 'modules' | 'documents';
  readonly files: readonly string[];
}

export type IndexedDocument = FoundInText & { readonly ok: 'document'; readonly file: string };
export type IndexAnswer = readonly (FileIndex | IndexedDocument)[];

interface Asked {
  readonly question: IndexQuestion;
  readonly resolve: (answer: IndexAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** Threads that index files, each a few at a time. Whoever asks bounds how much is asked at once. */
export class IndexThreads {
  readonly #idle: Worker[] = [];
  readonly #all: Worker[] = [];
  readonly #waiting: Asked[] = [];
  readonly #asked = new Map<Worker, Asked>();
  #over: Error | undefined;

  constructor(count: number, bounds: LoadOptions) {
    for (let index = 0; index < count; index += 1) {
      const worker = new Worker(entryPoint('mining-index'), {
        workerData: bounds,
        name: 'autodidact-index',
        resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 },
      });
      worker.on('message', (answer: IndexAnswer) => {
        this.#asked.get(worker)?.resolve(answer);
        this.#asked.delete(worker);
        this.#idle.push(worker);
        this.#ask();
      });
      worker.on('error', (error: Error) => this.#end(error));
      worker.on('exit', () => this.#end(new Error('A thread that indexes files ended.')));
      this.#all.push(worker);
      this.#idle.push(worker);
    }
  }

  /** To be told before anything is asked. */
  want(wanted: WantedNames): void {
    for (const worker of this.#all) worker.postMessage({ type: 'wanted', wanted } satisfies IndexMessage);
  }

  modules(files: readonly string[]): Promise<readonly FileIndex[]> {
    return this.#answer({ type: 'modules', files }) as Promise<readonly FileIndex[]>;
  }

  documents(files: readonly string[]): Promise<readonly IndexedDocument[]> {
    return this.#answer({ type: 'documents', files }) as Promise<readonly IndexedDocument[]>;
  }

  async close(): Promise<void> {
    this.#end(new Error('Indexing was ended.'));
    await Promise.all(this.#all.map((worker) => worker.terminate()));
  }

  #answer(question: IndexQuestion): Promise<IndexAnswer> {
    if (this.#over !== undefined) return Promise.reject(this.#over);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject });
      this.#ask();
    });
  }

  #ask(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const worker = this.#idle.pop();
      if (worker === undefined) return;
      this.#waiting.shift();
      this.#asked.set(worker, next);
      worker.postMessage(next.question);
    }
  }

  #end(error: Error): void {
    this.#over ??= error;
    for (const { reject } of [...this.#asked.values(), ...this.#waiting]) reject(this.#over);
    this.#asked.clear();
    this.#waiting.length = 0;
  }
}
