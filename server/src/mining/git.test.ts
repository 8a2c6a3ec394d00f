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

  it('runs no command that the repository names, not even to fetch what is missing', async () => {
    const { folder: origin, git: inOrigin } = await repository();
    inOrigin('commit', '--quiet', '--allow-empty', '-m', 'First');
    const { folder, git } = await repository();
    const trap = join(folder, 'trap.sh');
    const sprung = join(folder, 'sprung');
    await writeFile(trap, `#!/bin/sh\ntouch ${sprung}\nexec git-upload-pack "$@"\n`);
    await chmod(trap, 0o755);
    git('config', 'core.repositoryformatversion', '1');
    for (const [key, value] of [
      ['extensions.partialClone', 'origin'],
      ['remote.origin.url', origin],
      ['remote.origin.promisor', 'true'],
      ['remote.origin.uploadpack', trap],
      ['protocol.file.allow', 'always'],
      ['core.fsmonitor', trap],
    ] as const) {
      git('config', key, value);
    }
    await writeFile(join(folder, '.git', git('symbolic-ref', 'HEAD')), `${inOrigin('rev-parse', 'HEAD')}\n`);
    expect(await currentCommit(folder, signal)).toBeNull();
    expect(existsSync(sprung)).toBe(false);
    // The trap is a real one.
    git('rev-parse', '--verify', 'HEAD^{commit}');
    expect(existsSync(sprung)).toBe(true);
  });

  it('rejects when aborted', async () => {
    await expect(currentCommit('/', AbortSignal.abort())).rejects.toThrow(/abort/i);
  });
});
