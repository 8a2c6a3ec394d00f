import { spawn } from 'node:child_process';
import { signalNumber } from './run-process.mjs';

/**
 * Runs a program in our place, with our standard streams, and gives the exit code that we should end with.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>}
 */
export function exitCodeOf(command, args, { env = process.env } = {}) {
  // Through the extra channel the program can notice that we are gone, however we went.
  const child = spawn(command, args, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env,
    windowsHide: true,
  });
  const forward = (/** @type {NodeJS.Signals} */ signal) => {
    // At a terminal Ctrl-C reaches every process in the foreground: passing it on would make it two.
    const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
    if (signal !== 'SIGINT' || !atTerminal) child.kill(signal);
  };
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  const end = () => child.kill('SIGTERM');
  for (const signal of signals) process.on(signal, forward);
  process.on('disconnect', end);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + signalNumber(signal)));
  }).finally(() => {
    for (const signal of signals) process.off(signal, forward);
    process.off('disconnect', end);
  });
}
