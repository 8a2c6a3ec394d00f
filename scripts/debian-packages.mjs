import { runProcess } from './run-process.mjs';
import { SetupError } from './say.mjs';

/**
 * Installs Debian packages as root in CI (`CI` set). On a person's machine nothing is installed: rejects with a
 * `SetupError` that has the line to paste.
 *
 * @param {readonly string[]} names
 * @param {{ say: (text: string) => void, signal?: AbortSignal | undefined }} options
 */
export async function installDebianPackages(names, { say, signal }) {
  const missing = new SetupError(
    'missing',
    `Debian packages are missing; install them with:\n    sudo apt-get install -y ${names.join(' ')}`,
  );
  if (!process.env['CI'] || process.getuid?.() !== 0) throw missing;
  say(`  installing ${names.join(', ')} with apt-get`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    // Lists that are hours old are the usual reason for a package that cannot be found.
    await runProcess('apt-get', ['update', '-qq'], { env, signal });
    const { code, stderr } = await runProcess(
      'apt-get',
      ['install', '-y', '-qq', '--no-install-recommends', ...names],
      {
        env,
        signal,
      },
    );
    if (code === 0) return;
    throw new SetupError(
      'missing',
      `apt-get could not install ${names.join(', ')}: ${stderr.trim().slice(-500)}`,
    );
  } catch (error) {
    throw /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT' ? missing : error;
  }
}
