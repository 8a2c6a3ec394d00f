import { z } from 'zod';
import { Problem, Status } from './status.ts';
import { FolderUri, TaskSummary, TreeParent, TreeRow } from './tree.ts';

/** A request of our own beside those of the Language Server Protocol (docs/protocol.md). */
export interface RequestMessage<Params extends z.ZodType = z.ZodType, Result extends z.ZodType = z.ZodType> {
  readonly method: `autodidact/${string}`;
  readonly direction: 'clientToServer';
  readonly params: Params;
  readonly result: Result;
}

/** A notification of our own: it is not answered. */
export interface NotificationMessage<Params extends z.ZodType = z.ZodType> {
  readonly method: `autodidact/${string}`;
  readonly direction: 'serverToClient';
  readonly params: Params;
}

/** What a client says in `initialize`. */
export const InitializationOptions = z.object({
  /** False: show, never run. A client without a notion of trust leaves it out: its commands name what they run on. */
  trusted: z.boolean().default(true),
  /** The client opens `autodidact-task:` documents itself; otherwise a task opens as a file beside the store. */
  taskDocuments: z.boolean().default(false),
});
export type InitializationOptions = z.infer<typeof InitializationOptions>;

/** Server → client: how things stand. Sent after `initialized` and at each change, at most four times a second. */
export const statusNotification = {
  method: 'autodidact/status',
  direction: 'serverToClient',
  params: Status,
} as const satisfies NotificationMessage;

/** Server → client: tasks came, went or were played. Ask again for what is shown; at most once a second. */
export const tasksChanged = {
  method: 'autodidact/tasks/changed',
  direction: 'serverToClient',
  params: z.object({}),
} as const satisfies NotificationMessage;

/** The rows below one row of the task tree; those of the top where `parent` is null. */
export const tasksTree = {
  method: 'autodidact/tasks/tree',
  direction: 'clientToServer',
  params: z.object({ parent: TreeParent.nullable() }),
  result: z.array(TreeRow),
} as const satisfies RequestMessage;

/** Every task of one function, for a list to choose from. */
export const tasksOfFunction = {
  method: 'autodidact/tasks/ofFunction',
  direction: 'clientToServer',
  params: z.object({ folder: FolderUri, file: z.string(), symbol: z.string() }),
  result: z.array(TaskSummary),
} as const satisfies RequestMessage;

/** Reads the stores again: another process (the command line) may have written to them. */
export const tasksReload = {
  method: 'autodidact/tasks/reload',
  direction: 'clientToServer',
  params: z.object({}),
  result: z.null(),
} as const satisfies RequestMessage;

/** Says whether somebody looks at the tasks: while so, what another process writes is read as it writes. */
export const tasksFollow = {
  method: 'autodidact/tasks/follow',
  direction: 'clientToServer',
  params: z.object({ follow: z.boolean() }),
  result: z.null(),
} as const satisfies RequestMessage;

export const TaskDocumentResult = z
  .object({
    text: z.string(),
    /** The function's file and its first line, from 1. */
    source: z.object({ uri: z.string(), line: z.number().int().positive() }),
  })
  .nullable();
export type TaskDocumentResult = z.infer<typeof TaskDocumentResult>;

/** A task as readable text, its answer left out, and where its function stands; null where there is no such task. */
export const taskDocument = {
  method: 'autodidact/task/document',
  direction: 'clientToServer',
  params: z.object({ uri: z.string() }),
  result: TaskDocumentResult,
} as const satisfies RequestMessage;

/**
 * How mining ended. `mined`: `files` were read, none where nothing changed since the last time; there are so many seeds and
 * tasks now. `cancelled` keeps what was found so far; `busy`: something else goes on with this folder.
 */
export const MineResult = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('mined'), files: z.number(), seeds: z.number(), tasks: z.number() }),
  z.object({ outcome: z.literal('cancelled') }),
  z.object({ outcome: z.literal('restricted') }),
  z.object({ outcome: z.literal('busy') }),
  Problem.extend({ outcome: z.literal('problem') }),
]);
export type MineResult = z.infer<typeof MineResult>;

/**
 * Mines one folder: runs its functions in the sandbox. Sending it is the person's consent for that folder. Reports
 * progress on `workDoneToken`; cancelled by `$/cancelRequest`.
 */
export const mineFolder = {
  method: 'autodidact/mine',
  direction: 'clientToServer',
  params: z.object({
    folder: FolderUri,
    workDoneToken: z.union([z.string(), z.number()]).optional(),
  }),
  result: MineResult,
} as const satisfies RequestMessage;

/** How starting ended. Once `started`, the status tells how it goes. */
export const StartResult = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('started') }),
  z.object({ outcome: z.literal('cancelled') }),
  z.object({ outcome: z.literal('restricted') }),
  z.object({ outcome: z.literal('busy') }),
  /** No folder has tasks: mine first. */
  z.object({ outcome: z.literal('no-tasks') }),
  /** The setting `model.name` is empty, and nothing is chosen silently. `models`: those that are installed. */
  z.object({ outcome: z.literal('choose-model'), models: z.array(z.string()) }),
  /** Another process plays one of the folders. Start with `takeOver` to play here instead. */
  z.object({ outcome: z.literal('other-player') }),
  Problem.extend({ outcome: z.literal('problem') }),
]);
export type StartResult = z.infer<typeof StartResult>;

/** Starts self-play on every folder that was mined with consent, until paused. */
export const playStart = {
  method: 'autodidact/play/start',
  direction: 'clientToServer',
  params: z.object({ takeOver: z.boolean().default(false) }),
  result: StartResult,
} as const satisfies RequestMessage;

/** Ends self-play within a second; what is done is kept. */
export const playPause = {
  method: 'autodidact/play/pause',
  direction: 'clientToServer',
  params: z.object({}),
  result: z.null(),
} as const satisfies RequestMessage;

export const ModelsResult = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('models'), host: z.string(), models: z.array(z.string()) }),
  Problem.extend({ outcome: z.literal('problem') }),
]);
export type ModelsResult = z.infer<typeof ModelsResult>;

/** The models that the endpoint has, for a person to choose from. */
export const modelsList = {
  method: 'autodidact/models',
  direction: 'clientToServer',
  params: z.object({}),
  result: ModelsResult,
} as const satisfies RequestMessage;

/** Every message of our own, as docs/protocol.md lists them. */
export const messages: readonly (RequestMessage | NotificationMessage)[] = [
  statusNotification,
  tasksChanged,
  tasksTree,
  tasksOfFunction,
  tasksReload,
  tasksFollow,
  taskDocument,
  mineFolder,
  playStart,
  playPause,
  modelsList,
];

/** Commands that any client can run through `workspace/executeCommand`, with the arguments they take. */
export const serverCommands = {
  /** Folder URI; all folders where left out. */
  mine: 'autodidact.server.mine',
  startSelfPlay: 'autodidact.server.startSelfPlay',
  pauseSelfPlay: 'autodidact.server.pauseSelfPlay',
  /** Folder URI, file, symbol: opens the function's first task. CodeLenses carry it. */
  openTasks: 'autodidact.server.openTasks',
} as const;
