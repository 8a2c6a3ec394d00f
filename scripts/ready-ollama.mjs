import { defaultModel } from '../server/src/cli/parts.ts';
import { connect } from '../server/src/model/connect.ts';
import { ensureModel } from '../server/src/model/ensure-model.ts';
import { ModelError } from '../server/src/model/model-error.ts';
import { ollamaEndpoint } from '../server/src/model/ollama.ts';
import { isLoopback, ollamaHost } from '../server/src/model/ollama-host.ts';
import { cacheFolder } from './cache.mjs';
import { acquireOllama } from './ollama/acquire.mjs';
import { acquireModelFile } from './ollama/model-file.mjs';
import { SetupError, say, step } from './say.mjs';

/**
 * @typedef {object} ReadyOptions
 * @property {string | undefined} [model]  The command line's default where absent.
 * @property {boolean} offline
 * @property {boolean} keep
 * @property {AbortSignal} signal
 */

/**
 * An Ollama that answers and has the model: the server that runs, else the installed one started, else one acquired.
 * Rejects with a `SetupError` that lists each way tried.
 *
 * @param {ReadyOptions} options
 * @returns {Promise<{ env: NodeJS.ProcessEnv, close: () => Promise<void> }>}  `env`: what lets the command line find it.
 */
export async function readyOllama({ model = defaultModel, offline, keep, signal }) {
  try {
    const { connection, env } = await reach({ offline, keep, signal });
    try {
      await provideModel(connection.host, { model, offline, signal });
    } catch (error) {
      await connection.close();
      throw error;
    }
    return { env, close: () => connection.close() };
  } catch (error) {
    throw ModelError.is(error) ? new SetupError('missing', error.message) : error;
  }
}

/** @param {{ offline: boolean, keep: boolean, signal: AbortSignal }} options */
async function reach({ offline, keep, signal }) {
  const { env } = process;
  const host = ollamaHost(env);
  try {
    const connection = await connect({ env, keep }, signal);
    say(`• Ollama: ${connection.how} at ${connection.host}`);
    return { connection, env };
  } catch (error) {
    // Another one of ours can stand in only where nothing listens, on this machine.
    const { state } = await ollamaEndpoint({ host }).probe(signal);
    if (!ModelError.is(error) || state !== 'refused' || !isLoopback(host)) throw error;
    say(`• ${error.message.split('\n').slice(0, -1).join('\n  ')}`);
  }
  const acquired = await step('Acquiring an Ollama of our own', () =>
    acquireOllama({ cacheFolder: cacheFolder(), offline, say, signal }),
  );
  const withAcquired = { ...env, AUTODIDACT_OLLAMA: acquired.path };
  const connection = await connect({ env: withAcquired, keep }, signal);
  say(`• Ollama: ${connection.how} at ${connection.host}`);
  return { connection, env: withAcquired };
}

/**
 * @param {string} host
 * @param {{ model: string, offline: boolean, signal: AbortSignal }} options
 */
async function provideModel(host, { model, offline, signal }) {
  if ((await ollamaEndpoint({ host }).model(model, signal)) !== undefined) {
    say(`• Model: ${model} is there`);
    return;
  }
  await step(`Getting the model ${model}`, async () => {
    const onProgress = progressLines();
    try {
      await ensureModel(model, { host, offline, onProgress }, signal);
    } catch (error) {
      if (!ModelError.is(error) || model !== defaultModel) throw error;
      say(`  ${error.message.split('\n').slice(1, -1).join('\n  ').trim()}`);
      const { path } = await acquireModelFile({ cacheFolder: cacheFolder(), offline, say, signal });
      await ensureModel(model, { host, offline: true, ggufFile: path, onProgress }, signal);
    }
  });
}

/** Says how far a model is at every tenth. */
function progressLines() {
  let told = 0;
  return (
    /** @type {import('../server/src/model/pull.ts').ModelProgress} */ { how, doneBytes, totalBytes },
  ) => {
    const tenth = totalBytes === 0 ? 0 : Math.floor((10 * doneBytes) / totalBytes);
    if (tenth <= told) return;
    told = tenth;
    say(`  ${how}: ${tenth * 10} % of ${Math.round(totalBytes / 1e6)} MB`);
  };
}
