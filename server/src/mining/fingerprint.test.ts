import { rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { changedFiles, type Fingerprint, fingerprint } from './fingerprint.ts';

const { signal } = new AbortController();

async function folderWith(files: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder(files);
  const options = { folder, exclude: [], maxFiles: 10, maxFileBytes: 1_000 };
  const print = (before?: Fingerprint, sandbox = 'a sandbox') =>
    fingerprint(options, sandbox, before, signal);
  return { at: (file: string) => join(folder, file), print };
}

describe('the fingerprint of a folder', () => {
  it.each([
    ['a.py', true],
    ['b.ipynb', true],
    ['README.md', true],
    ['c.js', false],
  ])('changes with %s: %s', async (file, isRead) => {
    const { at, print } = await folderWith({ 'a.py': '', 'b.ipynb': '', 'README.md': '', 'c.js': '' });
    const before = await print();
    expect(changedFiles(before, await print(before))).toEqual([]);
    await writeFile(at(file), 'x');
    expect(changedFiles(before, await print(before))).toEqual(isRead ? [file] : []);
  });

  it('tells files that came and went, and not those that were only written again', async () => {
    const { at, print } = await folderWith({ 'a.py': 'x = 1\n', 'b.py': 'y = 1\n' });
    const before = await print();
    await utimes(at('a.py'), 1, 1);
    await rm(at('b.py'));
    await writeFile(at('c.py'), 'z = 1\n');
    const now = await print(before);
    expect(changedFiles(before, now)).toEqual(['b.py', 'c.py']);
    expect(changedFiles(now, await print(now))).toEqual([]);
  });

  it('says of another sandbox, and of no fingerprint before, that all is to be mined', async () => {
    const { print } = await folderWith({ 'a.py': 'x = 1\n' });
    const before = await print();
    expect(changedFiles(before, await print(before, 'another'))).toBeUndefined();
    expect(changedFiles(undefined, before)).toBeUndefined();
  });
});
