import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pythonCheckers } from './python-checkers.mjs';
import { runProcess } from './run-process.mjs';
import { SetupError, say } from './say.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (/** @type {string} */ name) => join(root, 'node_modules', name);

/**
 * Runs every check of the sources: format, lint and types. Says what each that fails has found.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<import('./summary.mjs').Counts>}
 */
export async function runChecks(signal) {
  const python = await pythonCheckers(signal);
  const files = await pythonFiles(signal);
  /** @type {[name: string, command: string, args: string[]][]} */
  const checks = [
    [
      'format and lint (Biome)',
      process.execPath,
      [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings'],
    ],
    ['types (TypeScript)', process.execPath, [bin('typescript/bin/tsc'), '--build']],
    ['lint of Python (ruff)', join(python, 'ruff'), ['check', ...files]],
    ['format of Python (ruff)', join(python, 'ruff'), ['format', '--check', ...files]],
    [
      'types of Python (mypy)',
      join(python, 'mypy'),
      [...files.filter((file) => !file.startsWith('trainer/'))],
    ],
  ];
  const failed = [];
  for (const [name, command, args] of checks) {
    const start = Date.now();
    const { code, stdout, stderr } = await runProcess(command, args, { cwd: root, signal });
    say(`  ${code === 0 ? '✓' : '×'} ${name}, ${((Date.now() - start) / 1000).toFixed(1)} s`);
    if (code === 0) continue;
    failed.push({ name, reason: 'what it found is above' });
    say(`${stdout}${stderr}`.trimEnd());
  }
  return { passed: checks.length - failed.length, failed, skipped: [] };
}

/**
 * Our Python files: those under version control or about to be, but for what tests and benches take as data.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<string[]>}
 */
export async function pythonFiles(signal) {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', '*.py'];
  const { code, stdout, stderr } = await runProcess('git', args, { cwd: root, signal });
  if (code !== 0)
    throw new SetupError('missing', `git could not list the files of the clone: ${stderr.trim()}`);
  const data = ['test/fixtures/', 'test/workbench/workspaces/', 'test/redteam/', 'bench/data/'];
  return stdout.split('\0').filter((file) => file !== '' && !data.some((folder) => file.startsWith(folder)));
}
