import type { MessagePort } from 'node:worker_threads';
import { z } from 'zod';
import { CallSource } from '../../../../protocol/seed.ts';
import type { Problem } from '../../../../protocol/status.ts';
import type { Task } from '../../../../protocol/task.ts';
import type { Prepared } from '../../selfplay/prepare.ts';
import { SandboxChoice } from '../sandbox-choice.ts';
import type { ListedTask } from '../task-index.ts';

const SplitRule = z.union([
  z.object({ by: z.enum(['unit', 'package', 'none']) }),
  z.object({ by: z.literal('commit-date'), gateFrom: z.string(), testFrom: z.string() }),
]);

/** What is to be mined, and how: plain data, as it goes to the thread. */
export const MineRequest = z.strictObject({
  /** Absolute path. */
  folder: z.string(),
  /** Only these files, after an edit; all where null. */
  files: z.array(z.string()).readonly().nullable(),
  exclude: z.array(z.string()).readonly(),
  sources: z.array(CallSource).readonly(),
  split: SplitRule,
  maxFiles: z.number().int().positive(),
  maxFileBytes: z.number().int().positive(),
  /** The folder's own interpreter, for its tests. */
  python: z.string(),
  /** Where caches and Ollama are. */
  env: z.record(z.string(), z.string().optional()),
  sandbox: SandboxChoice,
  /** The model that may be asked for calls, as the settings name it. */
  model: z.object({ 'ollama.host': z.string(), 'model.name': z.string() }),
});
export type MineRequest = z.infer<typeof MineRequest>;

/** What the thread is started with. */
export interface MiningThreadData {
  /** Where programs are found and caches are, for the sandbox. */
  readonly env: NodeJS.ProcessEnv;
}

/** What the thread is told. Minings are numbered; `request` is read as a `MineRequest`. */
export type ToMiningThread =
  | {
      readonly type: 'mine';
      readonly number: number;
      readonly request: unknown;
      /** Where the folder's store answers, and its path. */
      readonly store: MessagePort;
      readonly storePath: string;
    }
  | { readonly type: 'cancel'; readonly number: number }
  /** To let go of everything and end. */
  | { readonly type: 'end' };

/** How far mining is. */
export interface MineProgress {
  readonly files: number;
  readonly filesDone: number;
  readonly seeds: number;
}

/** What is told of a mining while it goes on. */
export type MineNews =
  | ({ readonly type: 'progress' } & MineProgress)
  /** What programs run in, and why, in words. */
  | { readonly type: 'sandbox'; readonly told: string }
  /** The model is asked for no more calls: what happened and what to do. */
  | { readonly type: 'asking-end'; readonly detail: string }
  /** Tasks that are in the store now, and tasks whose state there is another now. */
  | { readonly type: 'listed'; readonly tasks: readonly ListedTask[] }
  | { readonly type: 'state'; readonly ids: readonly string[]; readonly state: Task['state'] };

/** How a mining ended. `text` says more of an unexpected failure, for the log. */
export type MineEnd =
  | { readonly outcome: 'mined'; readonly prepared: Prepared }
  | { readonly outcome: 'cancelled' }
  | { readonly outcome: 'failed'; readonly problem: Problem; readonly text: string };

/** What the thread tells. After the end of a mining nothing of it follows. */
export type FromMiningThread =
  | { readonly number: number; readonly news: MineNews }
  | { readonly number: number; readonly end: MineEnd };
