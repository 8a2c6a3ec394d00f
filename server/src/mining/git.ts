import { execFile } from 'node:child_process';

/** Config that a repository could use to have git run its commands; for the commit's name none of it is needed. */
const withoutCommands = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'core.sshCommand=false',
  'core.askPass=',
  'credential.helper=',
  'diff.external=',
  'log.showSignature=false',
  'gpg.program=false',
  'protocol.allow=never',
].flatMap((setting) => ['-c', setting]);

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
  };
  return new Promise((resolve, reject) => {
    execFile('git', args, { env, signal, timeout, maxBuffer: 4_096, windowsHide: true }, (error, stdout) => {
      if (signal.aborted) reject(signal.reason);
      else if (error !== null) resolve(null);
      else resolve(/^[0-9a-f]{40,64}$/.exec(stdout.trim())?.[0] ?? null);
    });
  });
}
