import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { installDebianPackages } from '../debian-packages.mjs';
import { fetchPackage } from '../pypi/fetch-package.mjs';
import { runProcess } from '../run-process.mjs';
import { SetupError } from '../say.mjs';
import { ollamaVersion } from './release.mjs';
import { unpack } from './unpack.mjs';

/** The oldest Go that builds it. */
const oldestGo = [1, 24];

/** The PyPI source package that carries the header of the audio library, pinned. */
const miniaudio = {
  name: 'miniaudio',
  version: '1.71',
  sha256: 'ff51e2887bb673e2e757752b586b3dc924d59aa5fbcae9bbc45f4a111bd3262b',
};

/** Headers that it needs from the system, and the Debian packages that hold them. */
const headers = { 'nlohmann/json.hpp': 'nlohmann-json3-dev', 'stb/stb_image.h': 'libstb-dev' };

/** Without these, what the compiler makes for a processor with AMX does not link. */
const withoutAmx = ['-mno-amx-int8', '-mno-amx-tile', '-mno-amx-bf16'];

/**
 * Builds Ollama for this machine's own processor out of its Go module: `bin/ollama` in `folder`. Takes minutes. Rejects
 * with a `SetupError` that names what is missing.
 *
 * @param {string} folder  There already, and empty.
 * @param {{ say: (text: string) => void, signal?: AbortSignal | undefined }} options
 */
export async function buildFromSource(folder, { say, signal }) {
  await checkGo(signal);
  const compiler = await findCompiler(signal);
  const missing = await missingPackages(compiler, signal);
  if (missing.length > 0) await installDebianPackages(missing, { say, signal });
  const scratch = await mkdtemp(join(folder, 'build-'));
  try {
    const include = await fetchMiniaudio(scratch, signal);
    await goInstall(join(folder, 'bin'), include, compiler, { say, signal });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** @param {AbortSignal | undefined} signal */
async function checkGo(signal) {
  const said = await output('go', ['env', 'GOVERSION'], signal);
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(said ?? '') ?? [];
  const found = [Number(major), Number(minor)];
  const [needMajor = 0, needMinor = 0] = oldestGo;
  if (
    said !== undefined &&
    (Number(major) > needMajor || (Number(major) === needMajor && Number(minor) >= needMinor))
  )
    return;
  throw new SetupError(
    'missing',
    `it needs Go ${oldestGo.join('.')} or later; ${said === undefined ? 'there is none on PATH' : `this is ${found.join('.')}`}`,
  );
}

/**
 * The C++ compiler that Go will use.
 *
 * @param {AbortSignal | undefined} signal
 */
async function findCompiler(signal) {
  const compiler = process.env['CXX'] ?? ((await output('go', ['env', 'CXX'], signal)) || 'g++');
  if ((await output(compiler, ['--version'], signal)) !== undefined) return compiler;
  throw new SetupError(
    'missing',
    `it needs a C and C++ compiler, and ${compiler} does not run (on Debian: apt-get install build-essential)`,
  );
}

/**
 * @param {string} compiler
 * @param {AbortSignal | undefined} signal
 */
async function missingPackages(compiler, signal) {
  const missing = [];
  for (const [header, name] of Object.entries(headers)) {
    if (!(await preprocesses(compiler, [], `#include <${header}>`, signal))) missing.push(name);
  }
  return missing;
}

/**
 * The include path on which the compiler finds `miniaudio/miniaudio.h`.
 *
 * @param {string} scratch
 * @param {AbortSignal | undefined} signal
 */
async function fetchMiniaudio(scratch, signal) {
  const download = join(scratch, 'download');
  await mkdir(download);
  const { file: archive } = await fetchPackage(miniaudio, download, signal);
  await unpack(join(download, archive), download, signal);
  const header = (await readdir(download, { recursive: true })).find((path) =>
    /[\\/]miniaudio\.h$/.test(path),
  );
  if (header === undefined) throw new SetupError('missing', `${archive} does not hold miniaudio.h`);
  await mkdir(join(scratch, 'include', 'miniaudio'), { recursive: true });
  await copyFile(join(download, header), join(scratch, 'include', 'miniaudio', 'miniaudio.h'));
  return join(scratch, 'include');
}

/**
 * @param {string} bin
 * @param {string} include
 * @param {string} compiler
 * @param {{ say: (text: string) => void, signal?: AbortSignal | undefined }} options
 */
async function goInstall(bin, include, compiler, { say, signal }) {
  const wanted = ['-march=native', ...(process.arch === 'x64' ? withoutAmx : [])];
  const machine = (await preprocesses(compiler, wanted, '', signal)) ? wanted : [];
  const flags = ['-O3', ...machine, `-I${include}`].join(' ');
  const module = 'github.com/ollama/ollama';
  const heartbeat = beat((minutes) => say(`  still building after ${minutes} min (4–8 min on two cores)`));
  try {
    const { code, stderr } = await runProcess(
      'go',
      [
        'install',
        '-ldflags',
        `-s -w -X=${module}/version.Version=${ollamaVersion}`,
        `${module}@v${ollamaVersion}`,
      ],
      {
        env: { ...process.env, CGO_ENABLED: '1', CGO_CFLAGS: flags, CGO_CXXFLAGS: flags, GOBIN: bin },
        signal,
      },
    );
    if (code === 0) return;
    const said = stderr.trim().split('\n').slice(-8).join('\n    ');
    throw new SetupError('missing', `go install failed with exit code ${code}:\n    ${said}`);
  } finally {
    clearInterval(heartbeat);
  }
}

/**
 * Whether the compiler takes these flags and finds what the text includes.
 *
 * @param {string} compiler
 * @param {readonly string[]} flags
 * @param {string} text
 * @param {AbortSignal | undefined} signal
 */
async function preprocesses(compiler, flags, text, signal) {
  const args = [...flags, '-E', '-x', 'c++', '-'];
  return (await runProcess(compiler, args, { input: `${text}\n`, signal })).code === 0;
}

/**
 * What a program prints; undefined where it is not there or fails.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {AbortSignal | undefined} signal
 */
async function output(command, args, signal) {
  try {
    const { code, stdout } = await runProcess(command, args, { signal });
    return code === 0 ? stdout.trim() : undefined;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @param {(minutes: number) => void} tell */
function beat(tell) {
  const start = Date.now();
  return setInterval(() => tell(Math.round((Date.now() - start) / 60_000)), 60_000);
}
