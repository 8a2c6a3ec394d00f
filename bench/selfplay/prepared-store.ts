import { cp } from 'node:fs/promises';
import path from 'node:path';
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

/** Mines a folder once into a store at a place, and gives what opens copies of it. */
export async function preparedStores(
  place: string,
  folder: string,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<BenchParts['store']> {
  const at = (name: string) => path.join(place, name, 'store.db');
  const store = await openStore({ path: at('mined') });
  try {
    const mining = { folder, maxFiles: 50_000, maxFileBytes: 2 ** 19, exclude: [] };
    await prepare(mining, { store, sandbox, onEvent: () => undefined }, signal);
  } finally {
    await store.close();
  }
  return async (name) => {
    await cp(path.join(place, 'mined'), path.join(place, name), { recursive: true });
    return openStore({ path: at(name) });
  };
}
