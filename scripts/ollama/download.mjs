import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat, statfs } from 'node:fs/promises';
import http from 'node:http';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tls from 'node:tls';
import { SetupError } from '../say.mjs';

/** How long a server may take to begin to answer, and how long it may pause, milliseconds. */
const answerMs = 8_000;
const pauseMs = 60_000;

/** How often a broken download is taken up again before it counts as failed. */
const attempts = 5;

/**
 * @typedef {object} DownloadOptions
 * @property {(text: string) => void} say
 * @property {AbortSignal | undefined} [signal]
 */

/**
 * A small text file. Rejects with a `SetupError` that says why it cannot be had.
 *
 * @param {string} url
 * @param {{ signal?: AbortSignal | undefined }} [options]
 * @returns {Promise<string>}
 */
export async function downloadText(url, { signal } = {}) {
  const { response, settle } = await request(url, {}, signal);
  try {
    if (!response.ok) throw refused(url, response);
    return await response.text();
  } catch (error) {
    signal?.throwIfAborted();
    throw asSetupError(url, error);
  } finally {
    settle();
  }
}

/**
 * Downloads to `file` what has this SHA-256. The size is said first. What came before an interrupt is kept beside the file
 * and taken up by the next call; the file itself appears only whole and verified.
 *
 * @param {string} url
 * @param {string} file
 * @param {string} sha256
 * @param {DownloadOptions} options
 */
export async function downloadFile(url, file, sha256, { say, signal }) {
  const partial = `${file}.part`;
  await mkdir(dirname(file), { recursive: true });
  for (let attempt = 1; ; attempt += 1) {
    const before = await sizeOf(partial);
    try {
      await downloadRest(url, partial, { say, signal });
      break;
    } catch (error) {
      signal?.throwIfAborted();
      // A download that moves on may go on for as long as it does.
      if ((await sizeOf(partial)) > before) attempt = 1;
      if (error instanceof SetupError || attempt >= attempts) throw asSetupError(url, error);
      say(`  the download broke off (${asSetupError(url, error).message}); taking it up again`);
    }
  }
  const hash = createHash('sha256');
  await pipeline(createReadStream(partial), hash, { signal });
  if (hash.digest('hex') !== sha256) {
    await rm(partial);
    throw new SetupError('missing', `what ${url} sent is not what its makers published (SHA-256 differs)`);
  }
  await rename(partial, file);
}

/**
 * @param {string} url
 * @param {string} partial
 * @param {DownloadOptions} options
 */
async function downloadRest(url, partial, { say, signal }) {
  const have = await sizeOf(partial);
  const { response, controller, settle } = await request(
    url,
    have > 0 ? { range: `bytes=${have}-` } : {},
    signal,
  );
  try {
    // Nothing is left to send: it was all there.
    if (response.status === 416) return;
    if (!response.ok || response.body === null) throw refused(url, response);
    const resumes = response.status === 206;
    const rest = Number(response.headers.get('content-length') ?? 0);
    const total = rest + (resumes ? have : 0);
    say(
      `  ${megabytes(total)} MB to download${resumes ? `, of which ${megabytes(have)} MB are there already` : ''}`,
    );
    await checkSpace(dirname(partial), rest);
    const watch = watched(resumes ? have : 0, total, say, () =>
      controller.abort(new SetupError('missing', `${new URL(url).host} stopped sending`)),
    );
    await pipeline(response.body, watch, createWriteStream(partial, { flags: resumes ? 'a' : 'w' }), {
      signal: controller.signal,
    });
  } finally {
    settle();
  }
}

/**
 * Asks for a URL through the system's proxy and with its certificates, where this Node can.
 *
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {AbortSignal | undefined} signal
 */
async function request(url, headers, signal) {
  signal?.throwIfAborted();
  const restoreProxy = http.setGlobalProxyFromEnv?.() ?? (() => undefined);
  trustSystem();
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const settle = () => {
    signal?.removeEventListener('abort', onAbort);
    controller.abort();
    restoreProxy();
  };
  const impatience = setTimeout(
    () => controller.abort(new SetupError('missing', `${new URL(url).host} does not answer`)),
    answerMs,
  );
  try {
    const response = await fetch(url, { headers, signal: controller.signal });
    return { response, controller, settle };
  } catch (error) {
    settle();
    signal?.throwIfAborted();
    throw asSetupError(url, error);
  } finally {
    clearTimeout(impatience);
  }
}

let trustsSystem = false;

/** Trusts the certificates that this machine trusts, besides Node's own. */
function trustSystem() {
  if (trustsSystem) return;
  tls.setDefaultCACertificates?.([...tls.getCACertificates('default'), ...tls.getCACertificates('system')]);
  trustsSystem = true;
}

/**
 * Passes bytes on, says every tenth of them, and complains where none come.
 *
 * @param {number} have
 * @param {number} total
 * @param {(text: string) => void} say
 * @param {() => void} onPause
 */
function watched(have, total, say, onPause) {
  const start = Date.now();
  let done = have;
  let said = Math.floor((10 * have) / Math.max(1, total));
  let impatience = setTimeout(onPause, pauseMs);
  return new Transform({
    transform(chunk, _encoding, pass) {
      clearTimeout(impatience);
      impatience = setTimeout(onPause, pauseMs);
      done += chunk.length;
      const tenths = Math.floor((10 * done) / Math.max(1, total));
      if (tenths > said) {
        said = tenths;
        const rate = (done - have) / 1e6 / Math.max(0.001, (Date.now() - start) / 1000);
        say(`  ${megabytes(done)} of ${megabytes(total)} MB (${rate.toFixed(1)} MB/s)`);
      }
      pass(null, chunk);
    },
    destroy(error, done) {
      clearTimeout(impatience);
      done(error);
    },
  });
}

/**
 * @param {string} folder
 * @param {number} bytes
 */
async function checkSpace(folder, bytes) {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  throw new SetupError(
    'missing',
    `it needs ${megabytes(bytes)} MB in ${folder}, where ${megabytes(bavail * bsize)} MB are free`,
  );
}

/** @param {string} file */
async function sizeOf(file) {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

/** @param {number} bytes */
function megabytes(bytes) {
  return Math.round(bytes / 1e6).toLocaleString('en');
}

/**
 * @param {string} url
 * @param {Response} response
 */
function refused(url, response) {
  return new SetupError('missing', `${new URL(url).host} answered ${response.status}`);
}

/**
 * @param {string} url
 * @param {unknown} error
 */
function asSetupError(url, error) {
  if (error instanceof SetupError) return error;
  const { cause, message } = /** @type {Error} */ (error);
  const why = /** @type {NodeJS.ErrnoException | undefined} */ (cause)?.code ?? message;
  return new SetupError('missing', `${new URL(url).host} cannot be reached (${why})`);
}
