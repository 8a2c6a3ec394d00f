import type { Settings } from '../../../protocol/settings.ts';
import type { CallProposer } from '../mining/proposing/call-proposer.ts';
import { ModelError } from '../model/model-error.ts';
import { createCallProposer } from '../selfplay/call-proposer.ts';
import { connectServers, type ServerSettings, type Servers } from './connect-servers.ts';

/** The model of the settings, as one that mining may ask for calls: nothing is connected to before it is asked. */
export function proposingModel(
  settings: ServerSettings & Pick<Settings, 'model.name'>,
  env: Readonly<Record<string, string | undefined>>,
): { readonly proposer: CallProposer; close(): Promise<void> } {
  const opened: Servers[] = [];
  const proposer = createCallProposer(settings['model.name'], async (signal) => {
    if (settings['model.name'] === '')
      throw new ModelError('model-missing', 'No model is chosen. Choose one: Autodidact: Choose Model.');
    const servers = await connectServers(settings, env, signal);
    opened.push(servers);
    return servers.first;
  });
  return {
    proposer,
    async close() {
      for (const servers of opened) await servers.close();
    },
  };
}
