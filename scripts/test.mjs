import { runMain, SetupError, say } from './say.mjs';
import { summaryLine, total } from './summary.mjs';
import { parts } from './test-parts.mjs';

/** `npm test [-- PART …]`: sets up and runs every part of the tests, or those named, and ends with one line. */

await runMain(async (signal) => {
  const named = process.argv.slice(2);
  const unknown = named.find((name) => !Object.hasOwn(parts, name));
  if (unknown !== undefined) {
    const known = Object.keys(parts).join(', ');
    throw new SetupError(
      'usage',
      `There is no part ${unknown}. The parts are ${known}; all of them where none is named.`,
    );
  }
  /** @type {[name: string, counts: import('./summary.mjs').Counts, seconds: number][]} */
  const results = [];
  for (const name of named.length === 0 ? Object.keys(parts) : named) {
    say(`\n── ${name} ──`);
    const start = Date.now();
    const counts = await runPart(name, signal);
    const seconds = Math.round((Date.now() - start) / 1000);
    say(`── ${name}: ${summaryLine(counts)}, ${seconds} s ──`);
    results.push([name, counts, seconds]);
  }
  say('');
  for (const [name, counts, seconds] of results)
    say(`${name.padEnd(10)} ${String(seconds).padStart(5)} s  ${summaryLine(counts)}`);
  const sum = total(results.map(([, counts]) => counts));
  for (const { name, reason } of sum.failed) say(`failed: ${name}: ${reason}`);
  for (const { name, reason } of sum.skipped) say(`skipped: ${name}: ${reason}`);
  // In CI everything can be set up but a desktop.
  const forbidden = process.env['CI']
    ? total(results.filter(([name]) => name !== 'desktop').map(([, counts]) => counts))
    : undefined;
  if (forbidden !== undefined && forbidden.skipped.length > 0) say('In CI a skipped test is a failure.');
  process.stdout.write(`${summaryLine(sum)}\n`);
  return sum.failed.length > 0 || (forbidden?.skipped.length ?? 0) > 0 ? 1 : 0;
});

/**
 * Runs a part; one that cannot be set up says why and counts as failed.
 *
 * @param {string} name
 * @param {AbortSignal} signal
 * @returns {Promise<import('./summary.mjs').Counts>}
 */
async function runPart(name, signal) {
  try {
    return await /** @type {typeof parts[string]} */ (parts[name])(signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    return { passed: 0, failed: [{ name, reason: 'it could not be set up' }], skipped: [] };
  }
}
