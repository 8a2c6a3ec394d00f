import { execFile } from 'node:child_process';

/** Config that a repository could use to have git run its commands; for the commit's name none of it is needed. */
const withoutCommands = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'diff.external=',
  'log.showSignature=false',
].flatMap((setting) => ['-c', setting]);

/**
 * A commit that is missing from a partial clone would be fetched, by a command that the repository names. No config of
 * the repository overrides these.
 */
const withoutFetching = { GIT_ALLOW_PROTOCOL: 'none', GIT_NO_LAZY_FETCH: '1' };

/** How long git may take to name a commit, milliseconds. */
const timeout = 5_000;

/**
 * The commit that is checked out in a folder's repository; null outside of one, without git, or before the first commit.
 * This is the one file that starts git. `rev-parse` runs no filter, diff or text conversion.
 */
export async function currentCommit(folder: string, signal: AbortSignal): Promise<string | null> {
  const args = [...withoutCommands, '-C', folder, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}'];
  const env = {
    PATH: process.env['PATH'],
    SystemRoot: process.env['SystemRoot'],
    HOME: process.env['HOME'],
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    ...withoutFetching,
  };
  return new Promise((resolve, reject) => {
    execFile('git', args, { env, signal, timeout, maxBuffer: 4_096, windowsHide: true }, (error, stdout) => {
      if (signal.aborted) reject(signal.reason);
      else if (error !== null) resolve(null);
      else resolve(/^[0-9a-f]{40,64}$/.exec(stdout.trim())?.[0] ?? null);
    });
  });
}
