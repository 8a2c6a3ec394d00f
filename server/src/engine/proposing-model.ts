import type { Settings } from '../../../protocol/settings.ts';
import type { CallProposer } from '../mining/proposing/call-proposer.ts';
import { type Connection, connect } from '../model/connect.ts';
import { ModelError } from '../model/model-error.ts';
import { ollamaEndpoint } from '../model/ollama.ts';
import { createCallProposer } from '../selfplay/call-proposer.ts';

/** The model of the settings, as one that mining may ask for calls: nothing is connected to before it is asked. */
export function proposingModel(
  { 'ollama.host': host, 'model.name': name }: Pick<Settings, 'ollama.host' | 'model.name'>,
  env: Readonly<Record<string, string | undefined>>,
): { readonly proposer: CallProposer; close(): Promise<void> } {
  const connections: Connection[] = [];
  const join = async (signal: AbortSignal) => {
    const its = await connect(
      { env: host === '' ? env : { ...env, OLLAMA_HOST: host }, keep: false },
      signal,
    );
    connections.push(its);
    return its;
  };
  const proposer = createCallProposer(name, async (signal) => {
    if (name === '')
      throw new ModelError('model-missing', 'No model is chosen. Choose one: Autodidact: Choose Model.');
    const connection = await join(signal);
    return { endpoint: ollamaEndpoint({ host: connection.host }), revive: join };
  });
  return {
    proposer,
    async close() {
      for (const connection of connections) await connection.close();
    },
  };
}
