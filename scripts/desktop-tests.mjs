import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadAndUnzipVSCode, runTests, SilentReporter } from '@vscode/test-electron';
import * as esbuild from 'esbuild';
import { cacheFolder, withLock } from './cache.mjs';
import { ensureBuilt } from './ensure-built.mjs';
import { say, step } from './say.mjs';
import { total } from './summary.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Runs the smoke suite inside the extension host of desktop VS Code, at the oldest version that the manifest allows and at
 * the newest. Skipped, with the reason, where VS Code cannot be downloaded or there is no display.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<import('./summary.mjs').Counts>}
 */
export async function runDesktopTests(signal) {
  await ensureBuilt(root, { signal });
  const { engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const versions = [engines.vscode.replace(/^\D*/, ''), 'stable'];
  const counts = [];
  for (const version of versions) counts.push(await runAt(version, signal));
  return total(counts);
}

/**
 * @param {string} version
 * @param {AbortSignal} signal
 * @returns {Promise<import('./summary.mjs').Counts>}
 */
async function runAt(version, signal) {
  const name = `desktop VS Code ${version}`;
  const skipped = (/** @type {string} */ reason) => ({ passed: 0, failed: [], skipped: [{ name, reason }] });
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    return skipped('there is no display; xvfb-run gives one');
  }
  /** @type {string} */
  let editor;
  try {
    editor = await withLock('desktop-vscode', () => download(version), { signal });
  } catch (error) {
    return skipped(`it cannot be downloaded: ${/** @type {Error} */ (error).message}`);
  }
  signal.throwIfAborted();
  return step(`Running the smoke suite in ${name}`, () => runSuite(editor));
}

/** @param {string} version */
function download(version) {
  return downloadAndUnzipVSCode({
    version,
    cachePath: join(cacheFolder(), 'desktop-vscode'),
    reporter: new SilentReporter(),
  });
}

/**
 * @param {string} editor
 * @returns {Promise<import('./summary.mjs').Counts>}
 */
async function runSuite(editor) {
  const scratch = await mkdtemp(join(tmpdir(), 'autodidact-desktop-'));
  try {
    const suite = join(scratch, 'smoke.cjs');
    const report = join(scratch, 'report.json');
    const workspace = join(scratch, 'workspace');
    await cp(join(root, 'test/workbench/workspaces/small'), workspace, { recursive: true });
    await esbuild.build({
      entryPoints: [join(root, 'test/desktop/smoke.ts')],
      outfile: suite,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: ['vscode'],
    });
    const code = await runTests({
      vscodeExecutablePath: editor,
      extensionDevelopmentPath: root,
      extensionTestsPath: suite,
      extensionTestsEnv: { AUTODIDACT_SMOKE_REPORT: report, XDG_DATA_HOME: join(scratch, 'data') },
      launchArgs: [
        workspace,
        '--disable-workspace-trust',
        '--disable-extensions',
        `--user-data-dir=${join(scratch, 'user')}`,
        // Its own sandbox refuses to run as root, which is who runs it in containers.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    }).catch((error) => {
      say(`  ${error.message}`);
      return 1;
    });
    const outcomes = JSON.parse(await readFile(report, 'utf8').catch(() => '[]'));
    return count(outcomes, code);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * @param {readonly { name: string, error: string | null }[]} outcomes
 * @param {number} code
 */
function count(outcomes, code) {
  for (const { name, error } of outcomes) say(`  ${error === null ? '✓' : `× ${error}:`} ${name}`);
  const failed = outcomes.flatMap(({ name, error }) => (error === null ? [] : [{ name, reason: error }]));
  const passed = outcomes.length - failed.length;
  // A host that ends early leaves no outcome of what it did not reach.
  if (failed.length === 0 && code !== 0)
    failed.push({ name: 'desktop VS Code', reason: `it ended early with code ${code}` });
  return { passed, failed, skipped: [] };
}
