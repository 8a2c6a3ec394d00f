import type { IndexedTask } from '../engine/task-index.ts';

/** What the URI of a task document names. */
export interface TaskName {
  readonly id: string;
  /** URI of the workspace folder; undefined: any folder that has the task. */
  readonly folder: string | undefined;
}

/**
 * URI of the document that shows a task: `autodidact-task:/<id>/<function>.<kind>.task?<folder>`. What follows the id
 * names the tab and says nothing; the folder tells apart equal tasks of two folders. `autodidact-task:/<id>.task` will do.
 */
export function taskUri(
  folder: string,
  { id, symbol, kind }: Pick<IndexedTask, 'id' | 'symbol' | 'kind'>,
): string {
  return `autodidact-task:/${id}/${encodeURIComponent(symbol)}.${kind}.task?${encodeURIComponent(folder)}`;
}

/** Undefined where the text is no URI of a task. */
export function readTaskUri(uri: string): TaskName | undefined {
  const match = /^autodidact-task:\/([0-9a-f]{16})(?:\.task|\/[^?#/]*)(?:\?([^#]*))?$/.exec(uri);
  if (match?.[1] === undefined) return undefined;
  return { id: match[1], folder: match[2] === undefined ? undefined : decoded(match[2]) };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
