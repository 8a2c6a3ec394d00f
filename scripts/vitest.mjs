import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countReport } from './summary.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Runs the tests of one Vitest project.
 *
 * @param {string} project
 * @param {'default' | 'verbose'} reporter  Whether to print each file as it is done, or each test.
 * @param {AbortSignal} signal
 * @returns {Promise<import('./summary.mjs').Counts>}
 */
export async function runVitest(project, reporter, signal) {
  const folder = await mkdtemp(join(tmpdir(), 'autodidact-vitest-'));
  const report = join(folder, 'report.json');
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [
    'run',
    '--project',
    project,
    `--reporter=${reporter}`,
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  try {
    const child = spawn(process.execPath, [vitest, ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      windowsHide: true,
      signal,
      killSignal: 'SIGINT',
    });
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const counts = countReport(JSON.parse(await readFile(report, 'utf8')));
    // An error outside of every test, or no test at all, fails the run and no test.
    return code !== 0 && counts.failed.length === 0
      ? { ...counts, failed: [{ name: project, reason: 'the run failed outside of its tests' }] }
      : counts;
  } catch (error) {
    signal.throwIfAborted();
    // A run that could not begin leaves no report, and has said why.
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT')
      return { passed: 0, failed: [{ name: project, reason: 'the run left no report' }], skipped: [] };
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
