import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { currentCommit } from './git.ts';

const signal = new AbortController().signal;

async function repository() {
  const folder = await temporaryFolder({ 'a.py': 'x = 1\n', 'sub/b.py': '' });
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
      encoding: 'utf8',
    }).trim();
  git('init', '--quiet');
  return { folder, git };
}

describe('currentCommit', () => {
  it('names the commit that is checked out, from any folder of the repository', async () => {
    const { folder, git } = await repository();
    expect(await currentCommit(folder, signal)).toBeNull();
    git('add', '.');
    git('commit', '--quiet', '-m', 'First');
    const head = git('rev-parse', 'HEAD');
    expect(head).toMatch(/^[0-9a-f]{40}$/);
    expect(await currentCommit(join(folder, 'sub'), signal)).toBe(head);
  });

  it('is null outside of a repository, and in one that is broken', async () => {
    expect(await currentCommit(await temporaryFolder(), signal)).toBeNull();
    expect(await currentCommit('/nowhere/at/all', signal)).toBeNull();
    const { folder, git } = await repository();
    git('config', 'core.repositoryformatversion', '99');
    expect(await currentCommit(folder, signal)).toBeNull();
  });

  it('runs no command that the repository names', async () => {
    const { folder, git } = await repository();
    git('add', '.');
    git('commit', '--quiet', '-m', 'First');
    const trap = join(folder, 'trap.sh');
    await writeFile(trap, `#!/bin/sh\ntouch ${join(folder, 'sprung')}\n`);
    await chmod(trap, 0o755);
    for (const key of [
      'core.fsmonitor',
      'core.pager',
      'core.sshCommand',
      'diff.external',
      'gpg.program',
      'core.askPass',
    ]) {
      git('config', key, trap);
    }
    git('config', 'log.showSignature', 'true');
    expect(await currentCommit(folder, signal)).not.toBeNull();
    expect(existsSync(join(folder, 'sprung'))).toBe(false);
  });

  it('rejects when aborted', async () => {
    await expect(currentCommit('/', AbortSignal.abort())).rejects.toThrow(/abort/i);
  });
});
