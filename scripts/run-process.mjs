import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** How much of each stream a result keeps: its end, in characters. */
const keptLength = 4 * 1024 * 1024;

/** How long a process may take to end by itself once it is asked to, milliseconds. */
const graceMs = 5_000;

/**
 * @typedef {object} RunOptions
 * @property {string | undefined} [cwd]
 * @property {NodeJS.ProcessEnv | undefined} [env]  The whole environment of the process; ours where absent.
 * @property {AbortSignal | undefined} [signal]  Ends the process and what it started.
 * @property {((line: string, stream: 'stdout' | 'stderr') => void) | undefined} [onLine]  Told each line as it comes, without its end.
 * @property {string | undefined} [input]  Given to the process as its standard input; nothing where absent.
 */

/**
 * @typedef {object} RunResult
 * @property {number} code  Exit code; 128 + the number of the signal that ended it.
 * @property {string} stdout
 * @property {string} stderr
 */

/**
 * Runs a program without a shell and collects what it prints. Any exit code resolves; rejects with the system's error
 * where the program cannot be started (`code: 'ENOENT'`), and with the signal's reason once aborted and ended.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export async function runProcess(command, args, { cwd, env, signal, onLine, input } = {}) {
  signal?.throwIfAborted();
  // A group of its own, so that an abort also reaches what the program itself started.
  const ownGroup = signal !== undefined && process.platform !== 'win32';
  const child = spawn(command, args, {
    cwd,
    env: env ?? process.env,
    detached: ownGroup,
    windowsHide: true,
    stdio: 'pipe',
  });
  const stdout = collect(child.stdout, (line) => onLine?.(line, 'stdout'));
  const stderr = collect(child.stderr, (line) => onLine?.(line, 'stderr'));
  // A program that does not read its input to the end is no failure of ours.
  child.stdin.on('error', () => {});
  child.stdin.end(input);

  /** @type {NodeJS.Timeout | undefined} */
  let impatience;
  const onAbort = () => {
    endTree(child, 'SIGTERM', ownGroup);
    impatience = setTimeout(() => endTree(child, 'SIGKILL', ownGroup), graceMs);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signalName) => resolve(exitCode ?? 128 + signalNumber(signalName)));
    });
    signal?.throwIfAborted();
    return { code, stdout: stdout(), stderr: stderr() };
  } finally {
    clearTimeout(impatience);
    signal?.removeEventListener('abort', onAbort);
  }
}

/**
 * Ends a process and what it started.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signalName
 * @param {boolean} ownGroup  Whether it leads a process group of its own.
 */
export function endTree(child, signalName, ownGroup) {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).on(
      'error',
      () => child.kill(),
    );
    return;
  }
  try {
    process.kill(ownGroup ? -child.pid : child.pid, signalName);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

/** @param {NodeJS.Signals | null} name */
export function signalNumber(name) {
  return name === null ? 0 : (constants.signals[name] ?? 0);
}

/**
 * Collects the end of a stream, and tells each line. A carriage return ends a line too: that is how progress is drawn.
 *
 * @param {import('node:stream').Readable} stream
 * @param {(line: string) => void} onLine
 * @returns {() => string}
 */
function collect(stream, onLine) {
  let kept = '';
  let pending = '';
  const finish = () => {
    if (pending !== '') onLine(pending);
    pending = '';
  };
  stream.setEncoding('utf8');
  stream.on('data', (/** @type {string} */ chunk) => {
    kept = (kept + chunk).slice(-keptLength);
    const lines = (pending + chunk).split(/\r\n|\n|\r/);
    pending = (lines.pop() ?? '').slice(-keptLength);
    for (const line of lines) onLine(line);
  });
  stream.on('end', finish);
  return () => kept;
}
