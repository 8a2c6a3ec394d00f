import { createFromFile } from './create-from-file.ts';
import { ModelError } from './model-error.ts';
import { ollamaEndpoint } from './ollama.ts';
import { type ModelProgress, pull } from './pull.ts';

export interface EnsureModelOptions {
  readonly host: string;
  /** Pull nothing. */
  readonly offline: boolean;
  /** Weights to create the model from where it cannot be pulled. */
  readonly ggufFile?: string;
  /** Models that run on another machine and may be asked. */
  readonly remoteModels?: readonly string[];
  readonly onProgress: (progress: ModelProgress) => void;
}

/** How a model came to be on the server. */
export type ModelOrigin = 'present' | 'pulled' | 'created';

/**
 * Sees that the server has a model: there already, else pulled, else created from a file. Rejects with `ModelError`, whose
 * message names each way tried. Several callers at once are safe: Ollama downloads a layer once.
 */
export async function ensureModel(
  model: string,
  { host, offline, ggufFile, remoteModels = [], onProgress }: EnsureModelOptions,
  signal: AbortSignal,
): Promise<ModelOrigin> {
  if ((await ollamaEndpoint({ host, remoteModels }).model(model, signal)) !== undefined) return 'present';
  const tried: string[] = [];
  if (offline) tried.push('pulling it: not while --offline');
  else {
    const failure = await failureOf(pull(model, host, onProgress, signal));
    if (failure === undefined) return 'pulled';
    tried.push(`pulling it: ${failure.message}`);
  }
  if (ggufFile !== undefined) {
    const failure = await failureOf(createFromFile(model, ggufFile, host, onProgress, signal));
    if (failure === undefined) return 'created';
    tried.push(`creating it from ${ggufFile}: ${failure.message}`);
  }
  const lines = [`${host} has no model ${model}. Tried:`, ...tried.map((way) => `  - ${way}`)];
  throw new ModelError('model-missing', [...lines, `Get it with: ollama pull ${model}`].join('\n'));
}

async function failureOf(way: Promise<void>): Promise<ModelError | undefined> {
  try {
    await way;
    return undefined;
  } catch (error) {
    if (ModelError.is(error)) return error;
    throw error;
  }
}
