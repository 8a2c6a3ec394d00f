import { ollamaSlots, openEndpoint, readEndpointAddress } from '../model/endpoint-address.ts';
import { ModelError } from '../model/model-error.ts';
import { findModel } from '../selfplay/scheduling/find-model.ts';
import type { PoolMember } from '../selfplay/scheduling/member.ts';
import type { CliContext } from './context.ts';
import { type ModelFlags, presentModel, type ReadyModel, readyModel } from './parts.ts';

export interface PoolFlags extends ModelFlags {
  /** Addresses of servers; none: Ollama, started where it does not run. */
  readonly endpoint: readonly string[];
  readonly allowRemote: readonly string[];
}

/** Servers that are ready to be asked together; `endpoint` is one that has the model now. */
export interface ReadyPool extends ReadyModel {
  readonly members: readonly PoolMember[];
}

/**
 * The servers that a person named, each with what keeps it from being asked told on stderr, or Ollama. Named servers are
 * never started. Rejects with `ModelError` where none can be asked.
 */
export async function readyPool(model: string, flags: PoolFlags, context: CliContext): Promise<ReadyPool> {
  const { env, stderr, signal } = context;
  if (flags.endpoint.length === 0) {
    const ready = await readyModel(model, flags, context);
    const { endpoint, revive } = ready;
    return { ...ready, members: [{ endpoint, slots: ollamaSlots(endpoint.host, env), revive }] };
  }
  const { allowRemote: remoteModels, offline } = flags;
  const addresses = flags.endpoint.map((text) => readEndpointAddress(text, env));
  const members = addresses.map((address) => ({
    endpoint: openEndpoint(address, { env, remoteModels }),
    slots: address.slots,
  }));
  for (const { kind, host } of addresses) {
    if (kind !== 'ollama') continue;
    try {
      await presentModel(model, { host, offline, remoteModels }, context);
    } catch (error) {
      if (!ModelError.is(error)) throw error;
      // Where there is no other, it is told as what it fails with.
      if (members.length > 1) stderr.write(`${error.message}\n`);
    }
  }
  const found = await findModel(members, model, signal);
  if (found === undefined)
    throw new ModelError('model-missing', `None of the servers named has a model ${model}.`);
  return {
    endpoint: found.endpoint,
    members,
    revive: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
