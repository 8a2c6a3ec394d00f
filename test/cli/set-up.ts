import path from 'node:path';
import { ensureBuilt } from '../../scripts/ensure-built.mjs';
import { packageWorkspace } from '../../scripts/pypi/package-workspace.mjs';
import { readyOllama } from '../../scripts/ready-ollama.mjs';
import { sample } from '../../scripts/sample.mjs';

/**
 * Before the tests: the bundles as the sources are now, a real package to play on, and a real Ollama with the small model,
 * which runs until the tests are done.
 */
export async function setup(): Promise<() => Promise<void>> {
  const interrupt = new AbortController();
  const options = { offline: false, keep: false, signal: interrupt.signal };
  process.once('SIGINT', () => interrupt.abort());
  await ensureBuilt(path.resolve(import.meta.dirname, '../..'), options);
  process.env['AUTODIDACT_TEST_PACKAGE'] = await packageWorkspace(sample, options);
  const ollama = await readyOllama(options);
  Object.assign(process.env, ollama.env);
  return ollama.close;
}
