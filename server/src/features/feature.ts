import {
  type CancellationToken,
  type ClientCapabilities,
  type Connection,
  ErrorCodes,
  ResponseError,
  type ServerCapabilities,
  type TextDocuments,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { z } from 'zod';
import type {
  InitializationOptions,
  NotificationMessage,
  RequestMessage,
} from '../../../protocol/messages.ts';
import type { Folders } from '../engine/folders.ts';
import type { Log } from '../engine/log.ts';
import type { Miner } from '../engine/mining-thread/miner.ts';
import type { Player } from '../engine/player.ts';
import type { SettingsReader } from './settings-reader.ts';

/** Something that a feature wants to know of. */
export type ServerEvent = 'ready' | 'tasks' | 'activity' | 'settings';

/** What features are made of. */
export interface ServerContext {
  readonly connection: Connection;
  readonly env: NodeJS.ProcessEnv;
  readonly documents: TextDocuments<TextDocument>;
  readonly client: ClientCapabilities;
  readonly options: InitializationOptions;
  readonly folders: Folders;
  readonly player: Player;
  readonly miner: Miner;
  readonly settings: SettingsReader;
  readonly log: Log;
  /** Calls back after each event until the server shuts down. */
  readonly on: (event: ServerEvent, listener: () => void) => void;
  readonly tell: (event: ServerEvent) => void;
  /** Fires at shutdown. */
  readonly closing: AbortSignal;
}

/** One thing that the server can do: registers its handlers and tells what it offers. */
export type Feature = (context: ServerContext) => ServerCapabilities;

/** Answers a request of our own. Parameters of the wrong shape are refused; the signal fires when the client cancels. */
export function answer<Params extends z.ZodType, Result extends z.ZodType>(
  connection: Connection,
  message: RequestMessage<Params, Result>,
  handler: (params: z.output<NoInfer<Params>>, signal: AbortSignal) => Promise<z.output<NoInfer<Result>>>,
): void {
  connection.onRequest(message.method, async (raw: unknown, token: CancellationToken) => {
    const parsed = message.params.safeParse(raw ?? {});
    if (!parsed.success) {
      return new ResponseError(ErrorCodes.InvalidParams, z.prettifyError(parsed.error));
    }
    return handler(parsed.data, signalOf(token));
  });
}

/** Sends a notification of our own. */
export function notify<Params extends z.ZodType>(
  connection: Connection,
  message: NotificationMessage<Params>,
  params: z.input<Params>,
): void {
  // A client that is gone hears nothing, and needs nothing.
  connection.sendNotification(message.method, params).catch(() => undefined);
}

export function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
