/** Set-up speaks on standard error: standard output belongs to the command that it prepares. */

/**
 * Tells the person one thing, in plain words.
 *
 * @param {string} text
 */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * Says what begins, that it goes on while it is long, and how long it took.
 *
 * @template T
 * @param {string} title  What is being done, as a sentence without its end.
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function step(title, action) {
  say(`• ${title} …`);
  const start = Date.now();
  const heartbeat = setInterval(() => say(`  still at it, ${seconds(start)}`), 30_000);
  try {
    const result = await action();
    say(`  done in ${seconds(start)}`);
    return result;
  } finally {
    clearInterval(heartbeat);
  }
}

/** @param {number} start */
function seconds(start) {
  const elapsed = (Date.now() - start) / 1000;
  return elapsed < 10 ? `${elapsed.toFixed(1)} s` : `${Math.round(elapsed)} s`;
}

/** A set-up that cannot go on: what happened, why, and one thing to do. Ends the command with `code`. */
export class SetupError extends Error {
  /**
   * @param {'missing' | 'failed' | 'usage' | 'interrupted'} reason
   * @param {string} message
   */
  constructor(reason, message) {
    super(message);
    this.name = 'SetupError';
    this.reason = reason;
  }
}

/** The command line's own exit codes. */
export const exitCodes = { failed: 1, usage: 2, missing: 3, interrupted: 130 };

/**
 * Runs a script's main function: Ctrl-C and SIGTERM abort its signal; what it returns is the exit code.
 *
 * @param {(signal: AbortSignal) => Promise<number>} main
 */
export async function runMain(main) {
  const interrupt = new AbortController();
  const stop = () => interrupt.abort(new SetupError('interrupted', 'Interrupted. What was done is kept.'));
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // The launcher's end of this channel closes when it is killed.
  process.on('disconnect', stop);
  try {
    process.exitCode = await main(interrupt.signal);
  } catch (error) {
    const reported = interrupt.signal.aborted ? interrupt.signal.reason : error;
    if (!(reported instanceof SetupError)) throw error;
    say(reported.message);
    process.exitCode = exitCodes[reported.reason];
  } finally {
    for (const name of ['SIGINT', 'SIGTERM', 'disconnect']) process.off(name, stop);
    if (process.connected) process.disconnect();
  }
}
