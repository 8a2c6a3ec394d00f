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

/** How long git may take, milliseconds, and how much it may write, bytes. */
const timeout = 30_000;
const maxBuffer = 256 * 1024 * 1024;

/** The commit that is checked out in a folder's repository; null outside of one, without git, or before the first commit. */
export async function currentCommit(folder: string, signal: AbortSignal): Promise<string | null> {
  const stdout = await git(folder, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], signal);
  return /^[0-9a-f]{40,64}$/.exec(stdout?.trim() ?? '')?.[0] ?? null;
}

/** The day (ISO 8601) on which each file of a folder was first committed, by its path within the folder. */
export async function firstCommitDays(folder: string, signal: AbortSignal): Promise<Map<string, string>> {
  const listed = [
    'log',
    '--diff-filter=A',
    '--no-renames',
    '--name-only',
    '--relative',
    '--format=%x00%cs',
    '-z',
  ];
  const stdout = await git(folder, listed, signal);
  const days = new Map<string, string>();
  let day = '';
  for (const part of (stdout ?? '').split(/[\0\n]+/)) {
    if (/^\d{4}-\d\d-\d\d$/.test(part)) day = part;
    // Newest first: the last one seen is the first commit.
    else if (part !== '') days.set(part, day);
  }
  return days;
}

/**
 * What git writes; null where it fails. This is the one place that starts git; its commands here run no filter, external diff
 * or text conversion.
 */
async function git(folder: string, command: readonly string[], signal: AbortSignal): Promise<string | null> {
  const args = [...withoutCommands, '-C', folder, ...command];
  const env = {
    PATH: process.env['PATH'],
    SystemRoot: process.env['SystemRoot'],
    HOME: process.env['HOME'],
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    ...withoutFetching,
  };
  const options = { env, signal, timeout, maxBuffer, windowsHide: true } as const;
  return new Promise((resolve, reject) => {
    execFile('git', args, options, (error, stdout) => {
      if (signal.aborted) reject(signal.reason);
      else resolve(error === null ? stdout : null);
    });
  });
}
