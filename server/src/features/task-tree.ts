import { Kind } from '../../../protocol/kind.ts';
import {
  tasksChanged,
  tasksFollow,
  tasksOfFunction,
  tasksReload,
  tasksTree,
} from '../../../protocol/messages.ts';
import type { TaskSummary, TreeParent, TreeRow } from '../../../protocol/tree.ts';
import type { Engine } from '../engine/engine.ts';
import { addRecords, type IndexedTask } from '../engine/task-index.ts';
import { throttle } from '../engine/throttle.ts';
import { answer, type Feature, notify } from './feature.ts';
import { taskUri } from './task-uri.ts';

const everyMs = 1_000;

/** The tree of tasks: folder (where there are several) › file › function › kind › task. */
export const taskTree: Feature = ({ connection, folders, on, closing }) => {
  answer(connection, tasksTree, async ({ parent }) => {
    if (parent !== null) {
      const engine = folders.engine(parent.folder);
      return engine === undefined ? [] : rowsBelow(engine, parent);
    }
    const engines = folders.all().filter(({ index }) => index.size > 0);
    const [only] = engines;
    if (only === undefined) return [];
    return folders.all().length === 1 ? fileRows(only) : engines.map(folderRow);
  });
  answer(connection, tasksOfFunction, async ({ folder, file, symbol }) => {
    const engine = folders.engine(folder);
    return engine === undefined
      ? []
      : engine.index.tasksOf(file, symbol).map((task) => summary(engine, task));
  });
  answer(connection, tasksReload, async () => {
    await Promise.all(folders.all().map((engine) => engine.read()));
    return null;
  });
  answer(connection, tasksFollow, async ({ follow }) => {
    await folders.follow(follow);
    return null;
  });
  const updates = throttle(everyMs, () => notify(connection, tasksChanged, {}));
  on('tasks', updates.call);
  closing.addEventListener('abort', updates.cancel);
  return {};
};

function rowsBelow(engine: Engine, parent: TreeParent): TreeRow[] {
  switch (parent.type) {
    case 'folder':
      return fileRows(engine);
    case 'file':
      return functionRows(engine, parent.file);
    case 'function':
      return kindRows(engine, parent.file, parent.symbol);
    case 'kind':
      return engine.index
        .tasksOf(parent.file, parent.symbol)
        .filter(({ kind }) => kind === parent.kind)
        .map((task) => ({ type: 'task', task: summary(engine, task) }));
  }
}

function folderRow(engine: Engine): TreeRow {
  return { type: 'folder', folder: engine.uri, name: engine.name, ...counts([...engine.index.tasks()]) };
}

function fileRows(engine: Engine): TreeRow[] {
  const { index, uri: folder } = engine;
  return index.files().map((file) => ({ type: 'file', folder, file, ...counts(index.tasksOf(file)) }));
}

function functionRows({ index, uri: folder }: Engine, file: string): TreeRow[] {
  return index.functions(file).map(({ symbol, line }) => ({
    type: 'function',
    folder,
    file,
    symbol,
    line,
    ...counts(index.tasksOf(file, symbol)),
  }));
}

function kindRows({ index, uri: folder }: Engine, file: string, symbol: string): TreeRow[] {
  const tasks = index.tasksOf(file, symbol);
  return Kind.options.flatMap((kind) => {
    const ofKind = tasks.filter((task) => task.kind === kind);
    if (ofKind.length === 0) return [];
    return { type: 'kind' as const, folder, file, symbol, kind, ...counts(ofKind) };
  });
}

function counts(tasks: readonly IndexedTask[]) {
  return { tasks: tasks.length, record: addRecords(tasks.map(({ record }) => record)) };
}

function summary({ uri: folder }: Engine, task: IndexedTask): TaskSummary {
  const { id, kind, file, symbol, question, isHeldOut, record } = task;
  const state = task.state === 'stale' ? 'stale' : 'open';
  return {
    folder,
    id,
    kind,
    file,
    symbol,
    document: taskUri(folder, task),
    question,
    state,
    isHeldOut,
    record,
  };
}
