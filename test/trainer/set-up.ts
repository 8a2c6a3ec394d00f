import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { cacheFolder } from '../../scripts/cache.mjs';
import { acquireOllama } from '../../scripts/ollama/acquire.mjs';
import { acquireModelFile } from '../../scripts/ollama/model-file.mjs';
import { say } from '../../scripts/say.mjs';
import { trainerEnvironment } from '../../scripts/trainer-environment.mjs';
import { findOnPath } from '../../server/src/model/acquired-ollama.ts';
import { ollamaEndpoint } from '../../server/src/model/ollama.ts';
import { startOllama } from '../../server/src/model/ollama-process.ts';
import { freePort } from '../support/fake-ollama-program.ts';

/** How long an Ollama may take to answer, milliseconds. */
const startMs = 30_000;

/** Before the tests: the trainer's Python, the small model's file, and an Ollama of their own, whose models are gone with it. */
export async function setup(): Promise<() => Promise<void>> {
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  const { signal } = interrupt;
  const acquire = { cacheFolder: cacheFolder(), offline: false, say, signal };
  const python = path.join(await trainerEnvironment(signal), 'python');
  const model = await acquireModelFile(acquire);
  const binary = (await findOnPath('ollama', process.env)) ?? (await acquireOllama(acquire)).path;
  const folder = await mkdtemp(path.join(tmpdir(), 'autodidact-publish-'));
  const host = `http://127.0.0.1:${await freePort()}`;
  const models = path.join(folder, 'models');
  // Base and candidate are compared: with room for one alone, each question would load a model anew.
  process.env['OLLAMA_MAX_LOADED_MODELS'] = '3';
  const ollama = startOllama({ binary, host, models, log: path.join(folder, 'ollama.log') });
  const close = async () => {
    ollama.end();
    await ollama.ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await answers(host, signal);
  } catch (error) {
    await close();
    throw error;
  }
  Object.assign(process.env, {
    AUTODIDACT_TEST_OLLAMA: host,
    AUTODIDACT_TEST_PYTHON: python,
    AUTODIDACT_TEST_MODEL: model.path,
  });
  return close;
}

async function answers(host: string, signal: AbortSignal): Promise<void> {
  const endpoint = ollamaEndpoint({ host });
  const giveUp = performance.now() + startMs;
  while ((await endpoint.probe(signal)).state !== 'ready') {
    if (performance.now() > giveUp) throw new Error(`No Ollama answers at ${host}`);
    await wait(100, undefined, { signal });
  }
}
