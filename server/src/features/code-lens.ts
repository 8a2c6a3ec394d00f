import { type CodeLens, type CodeLensParams, CodeLensRefreshRequest } from 'vscode-languageserver';
import { serverCommands } from '../../../protocol/messages.ts';
import type { FilePlace } from '../engine/folders.ts';
import { addRecords, type IndexedTask } from '../engine/task-index.ts';
import { throttle } from '../engine/throttle.ts';
import { isNotebook } from '../mining/files/code-file.ts';
import type { Feature, ServerContext } from './feature.ts';
import { functionLine } from './function-lines.ts';

const everyMs = 1_000;

/** A lens above each function that has tasks. */
export const codeLens: Feature = (context) => {
  const { connection, client, settings, log, on, closing } = context;
  let enabled: Promise<boolean> | undefined;
  const isEnabled = () => {
    enabled ??= settings.read().then((read) => read['codeLens.enabled']);
    return enabled;
  };
  connection.onCodeLens(async (params) => ((await isEnabled()) ? lenses(context, params) : []));
  const refresh = throttle(everyMs, () => {
    if (client.workspace?.codeLens?.refreshSupport !== true) return;
    connection
      .sendRequest(CodeLensRefreshRequest.type)
      .catch(() => log.warn('The client did not refresh its code lenses.'));
  });
  on('tasks', refresh.call);
  on('settings', () => {
    enabled = undefined;
    refresh.call();
  });
  closing.addEventListener('abort', refresh.cancel);
  return { codeLensProvider: {} };
};

function lenses({ documents, folders }: ServerContext, { textDocument }: CodeLensParams): CodeLens[] {
  const document = documents.get(textDocument.uri);
  const place = folders
    .holding(textDocument.uri)
    .find(({ engine, file }) => engine.index.functions(file).length > 0);
  // The text of a notebook is its JSON: above a line of it, a lens says nothing.
  if (document === undefined || place === undefined || isNotebook(place.file)) return [];
  const lines = document.getText().split(/\r\n|\r|\n/);
  return place.engine.index
    .functions(place.file)
    .flatMap(({ symbol }) => lensOf(symbol, place, lines) ?? [])
    .sort((one, other) => one.range.start.line - other.range.start.line);
}

function lensOf(symbol: string, { engine, file }: FilePlace, lines: readonly string[]): CodeLens | undefined {
  const tasks = engine.index.tasksOf(file, symbol);
  const [first] = tasks;
  const line = first === undefined ? undefined : functionLine(lines, first);
  if (line === undefined) return undefined;
  const position = { line, character: 0 };
  const command = {
    title: title(tasks),
    command: serverCommands.openTasks,
    arguments: [engine.uri, file, symbol],
  };
  return { range: { start: position, end: position }, command };
}

function title(tasks: readonly IndexedTask[]): string {
  const open = tasks.filter(({ state }) => state === 'open');
  if (open.length === 0) return `${counted(tasks.length)} of an older version`;
  const { right, attempts } = addRecords(open.map(({ record }) => record));
  return attempts === 0
    ? counted(open.length)
    : `${counted(open.length)} · model right ${right} of ${attempts}`;
}

function counted(tasks: number): string {
  return tasks === 1 ? '1 task' : `${tasks} tasks`;
}
