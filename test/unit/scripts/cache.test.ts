import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder, replaceAtomically } from '../../../scripts/cache.mjs';

const module = path.resolve(import.meta.dirname, '../../../scripts/cache.mjs');

describe('cacheFolder', () => {
  it.each([
    ['AUTODIDACT_CACHE before all else', { AUTODIDACT_CACHE: '/a/b', XDG_CACHE_HOME: '/x' }, 'linux', '/a/b'],
    ['the XDG cache', { XDG_CACHE_HOME: '/x' }, 'linux', '/x/autodidact'],
    [
      'the usual place where XDG_CACHE_HOME is relative',
      { XDG_CACHE_HOME: 'x' },
      'linux',
      '~/.cache/autodidact',
    ],
    ['the usual place', {}, 'linux', '~/.cache/autodidact'],
    ["macOS's caches", { XDG_CACHE_HOME: '/x' }, 'darwin', '~/Library/Caches/autodidact'],
  ] as const)('is %s', (_, env, platform, expected) => {
    expect(cacheFolder(env, platform)).toBe(expected.replace('~', os.homedir()));
  });
});

describe('replaceAtomically', () => {
  let folder = '';
  let target = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'autodidact-cache-'));
    target = path.join(folder, 'thing');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const build = (content: string) => async (temporary: string) => {
    await mkdir(temporary);
    await writeFile(path.join(temporary, 'part'), content);
  };

  it('replaces a file, and a folder that is not empty', async () => {
    await replaceAtomically(target, (temporary) => writeFile(temporary, 'a file'));
    expect(await readFile(target, 'utf8')).toBe('a file');
    await rm(target);
    await replaceAtomically(target, build('old'));
    await replaceAtomically(target, build('new'));
    expect(await readFile(path.join(target, 'part'), 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['thing']);
  });

  it('leaves what was there, and nothing else, where the build fails', async () => {
    await replaceAtomically(target, build('old'));
    const failing = replaceAtomically(target, async (temporary) => {
      await build('half')(temporary);
      throw new Error('broke off');
    });
    await expect(failing).rejects.toThrow('broke off');
    expect(await readFile(path.join(target, 'part'), 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['thing']);
  });

  it('shows nothing of a build that was killed, and the next build removes its remains', async () => {
    const script = `import { mkdirSync, writeFileSync } from 'node:fs';
      import { replaceAtomically } from ${JSON.stringify(module)};
      await replaceAtomically(process.argv[1], async (temporary) => {
        mkdirSync(temporary);
        writeFileSync(temporary + '/part', 'half');
        console.log('half');
        await new Promise((done) => setTimeout(done, 60_000));
      });`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script, target]);
    await once(child.stdout, 'data');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    const [remains] = await readdir(folder);
    expect(remains).toMatch(/^thing\.new-/);
    await replaceAtomically(target, build('whole'));
    expect(await readdir(folder)).toEqual(['thing']);
    expect(await readFile(path.join(target, 'part'), 'utf8')).toBe('whole');
  });
});
