import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache.mjs';
import { acquireModelFile } from './ollama/model-file.mjs';
import { pythonCheckers } from './python-checkers.mjs';
import { runProcess } from './run-process.mjs';
import { say } from './say.mjs';
import { countJunit } from './summary.mjs';
import { trainerEnvironment } from './trainer-environment.mjs';

const trainer = join(dirname(dirname(fileURLToPath(import.meta.url))), 'trainer');

/**
 * Runs the trainer's tests, and checks its types, which the other Python files' check cannot: it knows no torch.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<import('./summary.mjs').Counts>}
 */
export async function runTrainerTests(signal) {
  const programs = await trainerEnvironment(signal);
  const { path: model } = await acquireModelFile({ cacheFolder: cacheFolder(), offline: false, say, signal });
  const types = await checkTypes(programs, signal);
  const folder = await mkdtemp(join(tmpdir(), 'autodidact-pytest-'));
  try {
    const report = join(folder, 'report.xml');
    const { code } = await runProcess(join(programs, 'python'), ['-m', 'pytest', `--junitxml=${report}`], {
      cwd: trainer,
      env: { ...process.env, AUTODIDACT_TEST_MODEL: model, HF_HUB_OFFLINE: '1' },
      signal,
      onLine: (line) => say(`  ${line}`),
    });
    const counts = countJunit(await readFile(report, 'utf8').catch(() => ''));
    const failed = [...counts.failed];
    if (!types) failed.push({ name: 'types of the trainer (mypy)', reason: 'what it found is above' });
    if (code !== 0 && counts.failed.length === 0)
      failed.push({ name: 'pytest', reason: `it ended with code ${code}` });
    return { passed: counts.passed + (types ? 1 : 0), failed, skipped: counts.skipped };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} programs
 * @param {AbortSignal} signal
 */
async function checkTypes(programs, signal) {
  const mypy = join(await pythonCheckers(signal), 'mypy');
  const args = ['--config-file', '../pyproject.toml', '--python-version', '3.11'];
  const executable = ['--python-executable', join(programs, 'python')];
  const { code, stdout, stderr } = await runProcess(
    mypy,
    [...args, ...executable, 'autodidact_trainer', 'tests'],
    {
      cwd: trainer,
      signal,
    },
  );
  say(code === 0 ? '  ✓ types of the trainer (mypy)' : `  × types of the trainer (mypy)\n${stdout}${stderr}`);
  return code === 0;
}
