import type { Endpoint } from '../../server/src/model/endpoint.ts';
import type { Sandbox } from '../../server/src/sandbox/sandbox.ts';
import { prepare } from '../../server/src/selfplay/prepare.ts';
import { openStore } from '../../server/src/store/open-store.ts';
import type { Store } from '../../server/src/store/store.ts';

/** What each part of the measurement works with. */
export interface BenchParts {
  readonly endpoint: Endpoint;
  readonly sandbox: Sandbox;
  readonly folder: string;
  readonly model: string;
  /** A new store of a name, with the folder's tasks in it. */
  readonly store: (name: string) => Promise<Store>;
}

/** Opens a new store and mines a folder into it. */
export async function preparedStore(
  path: string,
  folder: string,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<Store> {
  const store = await openStore({ path });
  const mining = { folder, maxFiles: 50_000, maxFileBytes: 2 ** 19, exclude: [] };
  await prepare(mining, { store, sandbox, onEvent: () => undefined }, signal);
  return store;
}
