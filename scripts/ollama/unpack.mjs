import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { runProcess } from '../run-process.mjs';
import { SetupError } from '../say.mjs';

/**
 * Unpacks an archive (`.tar.zst`, `.tar.gz`, `.tgz`, `.zip`) into a folder, with the system's `tar`, which reads zip files
 * where releases are zip files. Node decompresses zstd, which not every `tar` can.
 *
 * @param {string} archive
 * @param {string} folder  Made where it is missing.
 * @param {AbortSignal | undefined} signal
 */
export async function unpack(archive, folder, signal) {
  await mkdir(folder, { recursive: true });
  if (archive.endsWith('.zst')) return unpackZstd(archive, folder, signal);
  const { code, stderr } = await runTar(['-xf', archive, '-C', folder], signal);
  if (code !== 0) throw new SetupError('missing', `${archive} cannot be unpacked: ${stderr.trim()}`);
}

/**
 * @param {string} archive
 * @param {string} folder
 * @param {AbortSignal | undefined} signal
 */
async function unpackZstd(archive, folder, signal) {
  if (zlib.createZstdDecompress === undefined)
    throw new SetupError('missing', 'this Node cannot read zstd; it needs Node 24');
  const tar = spawn('tar', ['-xf', '-', '-C', folder], { stdio: ['pipe', 'ignore', 'pipe'], signal });
  let said = '';
  tar.stderr.setEncoding('utf8').on('data', (text) => {
    said = (said + text).slice(-2_000);
  });
  const ended = new Promise((resolve, reject) => {
    tar.once('error', reject);
    tar.once('close', resolve);
  });
  try {
    // Where `tar` fails its input breaks, but what it says is the better message.
    const [code] = await Promise.all([
      ended,
      pipeline(createReadStream(archive), zlib.createZstdDecompress(), tar.stdin, { signal }).catch(
        (error) => {
          signal?.throwIfAborted();
          said ||= String(error.message);
          tar.kill();
        },
      ),
    ]);
    if (code !== 0) throw new SetupError('missing', `${archive} cannot be unpacked: ${said.trim()}`);
  } catch (error) {
    signal?.throwIfAborted();
    throw noTar(error);
  }
}

/**
 * @param {readonly string[]} args
 * @param {AbortSignal | undefined} signal
 */
async function runTar(args, signal) {
  try {
    return await runProcess('tar', args, { signal });
  } catch (error) {
    throw noTar(error);
  }
}

/** @param {unknown} error */
function noTar(error) {
  if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') return error;
  return new SetupError('missing', 'there is no `tar` on PATH to unpack it with');
}
