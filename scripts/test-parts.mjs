import { runChecks } from './checks.mjs';
import { codeServerPackages, installCodeServer } from './code-server.mjs';
import { runDesktopTests } from './desktop-tests.mjs';
import { needDebianPackages } from './system-packages.mjs';
import { runVitest } from './vitest.mjs';

/**
 * The parts of `npm test`, in the order in which they run. Each sets up what it needs, runs, and counts.
 *
 * @type {Record<string, (signal: AbortSignal) => Promise<import('./summary.mjs').Counts>>}
 */
export const parts = {
  check: runChecks,
  unit: (signal) => runVitest('unit', signal),
  async sandbox(signal) {
    await needDebianPackages(['bubblewrap'], signal);
    return runVitest('sandbox', signal);
  },
  cli: (signal) => runVitest('cli', signal),
  async workbench(signal) {
    await needDebianPackages(['chromium', 'fonts-dejavu-core', ...codeServerPackages], signal);
    await installCodeServer({ signal });
    return runVitest('workbench', signal);
  },
  desktop: runDesktopTests,
};
