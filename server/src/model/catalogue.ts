import type { Ask } from './ask.ts';
import type { ModelInfo } from './endpoint.ts';
import { ModelError } from './model-error.ts';
import { ShowAnswer, TagsAnswer } from './ollama-wire.ts';

/** The models of a server, without those that it runs on another machine and that nobody allowed. */
export interface Catalogue {
  models(signal: AbortSignal): Promise<readonly ModelInfo[]>;
  /** Undefined where there is none; rejects with `remote-model` where it may not be asked. */
  model(name: string, signal: AbortSignal): Promise<ModelInfo | undefined>;
  /** Rejects with `model-missing`, `remote-model`, or `load-failed` where the model cannot complete text. */
  checkUsable(name: string, signal: AbortSignal): Promise<void>;
}

export function catalogue(
  ask: Ask,
  { answerLimit, remoteModels }: { readonly answerLimit: number; readonly remoteModels: readonly string[] },
): Catalogue {
  const list = async (signal: AbortSignal) =>
    (await ask((client) => client.list(), TagsAnswer, answerLimit, signal)).models;
  const show = (name: string, signal: AbortSignal) =>
    ask((client) => client.show({ model: name }), ShowAnswer, answerLimit, signal);
  const isAllowed = (name: string, { remote_host: remoteHost = '' }: ShowAnswer) =>
    (remoteHost === '' && !/[:-]cloud$/.test(name)) || remoteModels.includes(name);
  const showAllowed = async (name: string, signal: AbortSignal) => {
    const shown = await show(name, signal);
    if (isAllowed(name, shown)) return shown;
    throw new ModelError(
      'remote-model',
      `${name} runs on another machine: your code would leave this one. Choose a local model.`,
    );
  };

  return {
    models: async (signal) => {
      const described: ModelInfo[] = [];
      for (const listed of await list(signal)) {
        const shown = await show(listed.name, signal);
        if (isAllowed(listed.name, shown)) described.push(describe(listed, shown));
      }
      return described;
    },
    model: async (name, signal) => {
      const found = (await list(signal)).find((listed) => listed.name === fullName(name));
      return found === undefined ? undefined : describe(found, await showAllowed(found.name, signal));
    },
    checkUsable: async (name, signal) => {
      const { capabilities } = await showAllowed(fullName(name), signal);
      if (capabilities === undefined || capabilities.includes('completion')) return;
      throw new ModelError('load-failed', `${name} cannot complete text. Choose another model.`);
    },
  };
}

/** A model's name with its tag, as the server lists it. */
export function fullName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).includes(':') ? name : `${name}:latest`;
}

function describe({ name, digest, details }: TagsAnswer['models'][number], shown: ShowAnswer): ModelInfo {
  const lengths = Object.entries(shown.model_info ?? {}).filter(([key]) => key.endsWith('.context_length'));
  const contextLength = Number(lengths[0]?.[1] ?? 0);
  return { name, digest, family: details.family, contextLength };
}
