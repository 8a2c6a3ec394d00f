import type { Settings } from '../../../protocol/settings.ts';
import { type Connection, connect } from '../model/connect.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { ollamaSlots, openEndpoint, readEndpointAddress } from '../model/endpoint-address.ts';
import { ollamaEndpoint } from '../model/ollama.ts';
import type { PoolMember } from '../selfplay/scheduling/member.ts';

export type ServerSettings = Pick<Settings, 'ollama.host' | 'model.endpoints' | 'model.allowRemote'>;

/** The servers that a person set, at least one. */
export interface Servers {
  readonly first: PoolMember;
  readonly members: readonly PoolMember[];
  close(): Promise<void>;
}

/**
 * The servers of the settings as they are named there, else Ollama, started where it does not run and is ours to start.
 * Rejects with `ModelError`.
 */
export async function connectServers(
  settings: ServerSettings,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Servers> {
  const { 'ollama.host': named, 'model.allowRemote': remoteModels } = settings;
  const members = settings['model.endpoints'].map((text) => {
    const address = readEndpointAddress(text, env);
    return { endpoint: openEndpoint(address, { env, remoteModels }), slots: address.slots };
  });
  const [first] = members;
  if (first !== undefined) return { first, members, close: () => Promise.resolve() };
  const connections: Connection[] = [];
  const join = async (own: AbortSignal) => {
    const itsEnv = named === '' ? env : { ...env, OLLAMA_HOST: named };
    const connection = await connect({ env: itsEnv, keep: false }, own);
    connections.push(connection);
    return connection;
  };
  const { host } = await join(signal);
  const endpoint: Endpoint = ollamaEndpoint({ host, remoteModels });
  const only = { endpoint, slots: ollamaSlots(host, env), revive: join };
  return {
    first: only,
    members: [only],
    close: async () => {
      for (const connection of connections) await connection.close();
    },
  };
}
