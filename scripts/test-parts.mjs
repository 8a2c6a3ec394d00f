import { runChecks } from './checks.mjs';
import { chromiumPackages, findChromium } from './chromium.mjs';
import { installCodeServer } from './code-server.mjs';
import { runDesktopTests } from './desktop-tests.mjs';
import { total } from './summary.mjs';
import { needDebianPackages } from './system-packages.mjs';
import { runTrainerTests } from './trainer-tests.mjs';
import { runVitest } from './vitest.mjs';

/**
 * The parts of `npm test`, in the order in which they run. Each sets up what it needs, runs, and counts.
 *
 * @type {Record<string, (signal: AbortSignal) => Promise<import('./summary.mjs').Counts>>}
 */
export const parts = {
  check: runChecks,
  unit: (signal) => runVitest('unit', 'default', signal),
  async sandbox(signal) {
    // On a person's machine the native sandbox is tested where bubblewrap is there already.
    if (process.platform === 'linux' && process.env['CI']) await needDebianPackages(['bubblewrap'], signal);
    return runVitest('sandbox', 'default', signal);
  },
  cli: (signal) => runVitest('cli', 'verbose', signal),
  async trainer(signal) {
    return total([await runTrainerTests(signal), await runVitest('trainer', 'verbose', signal)]);
  },
  async workbench(signal) {
    if (findChromium() === undefined) await needDebianPackages(chromiumPackages, signal);
    await installCodeServer({ signal });
    return runVitest('workbench', 'verbose', signal);
  },
  desktop: runDesktopTests,
};
