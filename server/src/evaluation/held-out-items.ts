import path from 'node:path';
import type { UnitRef } from '../../../protocol/seed.ts';
import type { Task } from '../../../protocol/task.ts';
import type { Store } from '../store/store.ts';
import type { EvaluationItem } from './item.ts';

/** The open tasks of the gate, of all kinds whose answers execution alone judges. */
export function gateItems(store: Pick<Store, 'tasks'>): Promise<EvaluationItem[]> {
  return itemsOf('gate', store);
}

/**
 * Opens the test split: the one place that does. What is asked of it, and of which models, is in the audit log before anything is
 * read.
 */
export async function openTest(
  store: Pick<Store, 'tasks' | 'audit'>,
  detail: {
    readonly folder: string;
    readonly models: readonly string[];
    readonly k: number;
    readonly randomSeed: number;
  },
): Promise<EvaluationItem[]> {
  await store.audit({ what: 'test-opened', detail: { ...detail, models: [...detail.models] } });
  return itemsOf('test', store);
}

async function itemsOf(split: 'gate' | 'test', store: Pick<Store, 'tasks'>): Promise<EvaluationItem[]> {
  return asItems(await store.tasks({ state: 'open', split }));
}

/** Tasks of the store as they are evaluated on; what execution alone does not judge is left out. */
export function asItems(tasks: readonly Task[]): EvaluationItem[] {
  return tasks.flatMap((task): EvaluationItem[] =>
    task.kind === 'explain'
      ? []
      : [{ task, relation: 'sameValue', repository: repositoryOf(task.unit), from: 'store' }],
  );
}

/** Folders that hold packages and are none. */
const sourceFolders = new Set(['src', 'lib', 'source']);

/** The folder's name and the topmost package in it: `toolz/toolz`; of a file at the top the folder's name alone. */
export function repositoryOf({ folder, file }: Pick<UnitRef, 'folder' | 'file'>): string {
  const parts = file.split('/').slice(0, -1);
  const topmost = parts.find((part, index) => index > 0 || !sourceFolders.has(part));
  return [path.basename(folder), ...(topmost === undefined ? [] : [topmost])].join('/');
}
