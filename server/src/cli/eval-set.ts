import path from 'node:path';
import type { Evaluation } from '../../../protocol/evaluation.ts';
import type { Backend } from '../../../protocol/sandbox.ts';
import { gateItems, openTest } from '../evaluation/held-out-items.ts';
import { importBounds, importSet } from '../evaluation/import-set.ts';
import type { EvaluationItem } from '../evaluation/item.ts';
import { readSource } from '../mining/files/read-source.ts';
import { type CliContext, CliError, typed } from './context.ts';
import { counted } from './counted.ts';
import { failureMessage } from './failure.ts';
import { openFolderStore } from './parts.ts';

/** What a person said of the set; of a test split that is opened, all of it goes into the audit log. */
export interface SetFlags {
  readonly on: string;
  readonly models: readonly string[];
  readonly k: number;
  readonly randomSeed: number;
  readonly store?: string;
}

/** The tasks that a person named, and where they are from. */
export type LoadedSet = Pick<Evaluation, 'on' | 'source' | 'faults'> & {
  readonly items: readonly EvaluationItem[];
};

/**
 * The tasks of `--on`: what a folder holds out, or a file. Rejects with `missing` and one thing to do where there are none.
 */
export async function loadSet(
  folder: string,
  here: Backend,
  flags: SetFlags,
  context: CliContext,
): Promise<LoadedSet> {
  const { on } = flags;
  return on === 'gate' || on === 'test'
    ? loadHeldOut(on, folder, flags, context)
    : loadFile(path.resolve(context.cwd, on), here, context);
}

async function loadHeldOut(
  on: 'gate' | 'test',
  folder: string,
  flags: SetFlags,
  context: CliContext,
): Promise<LoadedSet> {
  const { models, k, randomSeed, store: storeFolder } = flags;
  const store = await openFolderStore(folder, storeFolder, context).catch(failureMessage);
  try {
    const items =
      on === 'gate'
        ? await gateItems(store).catch(failureMessage)
        : await openTest(store, { folder, models, k, randomSeed }).catch(failureMessage);
    if (on === 'test') {
      context.stderr.write(
        `The test split of ${folder} is opened: ${counted(items.length, 'task')}. This is written into the audit log.\n`,
      );
    }
    if (items.length === 0) {
      const { tasks } = await store.counts();
      const why = tasks === 0 ? 'holds no tasks yet' : `holds out no open task for ${on}`;
      const todo = typed(`play ${path.relative(context.cwd, folder) || '.'} --split unit`, context.env);
      throw new CliError('missing', `${store.path} ${why}. Mine the folder first: ${todo}`);
    }
    return { on, source: store.path, items, faults: { count: 0, first: [] } };
  } finally {
    await store.close();
  }
}

async function loadFile(
  file: string,
  here: Backend,
  { stderr, env, signal }: CliContext,
): Promise<LoadedSet> {
  const read = await readSource(file, importBounds.fileBytes, signal);
  if (!read.ok) {
    throw new CliError(
      'missing',
      `${file} cannot be read: ${read.detail}. Give gate, test, or a file of tasks.`,
    );
  }
  const { items, faults } = importSet(file, read.source, here);
  for (const { line, detail } of faults.first) stderr.write(`${file}:${line} gives no task: ${detail}\n`);
  const untold = faults.count - faults.first.length;
  if (untold > 0) stderr.write(`${counted(untold, 'further line')} gave none either.\n`);
  if (items.length === 0) {
    throw new CliError(
      'missing',
      `There are no tasks in ${file}. See what a line needs: ${typed('eval --help', env)}`,
    );
  }
  return { on: 'file', source: file, items, faults };
}
