import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { taskDocument } from '../../../protocol/messages.ts';
import type { Engine } from '../engine/engine.ts';
import type { Folders } from '../engine/folders.ts';
import { answer, type Feature } from './feature.ts';
import { taskText } from './task-text.ts';
import { readTaskUri } from './task-uri.ts';

/** The text of task documents. */
export const taskDocuments: Feature = ({ connection, folders }) => {
  answer(connection, taskDocument, async ({ uri }) => {
    const name = readTaskUri(uri);
    if (name === undefined) return null;
    for (const engine of enginesFor(folders, name.folder)) {
      const text = await documentText(engine, name.id);
      const indexed = engine.index.task(name.id);
      if (text === undefined || indexed === undefined) continue;
      const source = pathToFileURL(path.join(engine.folder, indexed.file)).href;
      return { text, source: { uri: source, line: indexed.line } };
    }
    return null;
  });
  return {};
};

/** The readable text of a task; undefined where the engine has no such task. */
export async function documentText(engine: Engine, id: string): Promise<string | undefined> {
  const task = await engine.task(id);
  const record = engine.index.task(id)?.record;
  return task === undefined || record === undefined ? undefined : taskText(task, record);
}

function enginesFor(folders: Folders, folder: string | undefined): Engine[] {
  const named = folder === undefined ? undefined : folders.engine(folder);
  return named === undefined ? folders.all() : [named];
}
