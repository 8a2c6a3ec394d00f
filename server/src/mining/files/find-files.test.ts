import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { findFiles } from './find-files.ts';

const signal = new AbortController().signal;
const options = { exclude: [], maxFiles: 100 };

describe('findFiles', () => {
  it('finds Python files and documents, in order, with forward slashes', async () => {
    const folder = await temporaryFolder({
      'b.py': '',
      'a/c.py': '',
      'a/n.ipynb': '',
      'a/.ipynb_checkpoints/n-checkpoint.ipynb': '',
      'README.md': '',
      'a/x.rst': '',
      'a/y.js': '',
    });
    const found = await findFiles({ ...options, folder }, signal);
    expect(found.python).toEqual(['b.py', 'a/c.py']);
    expect(found.notebooks).toEqual(['a/n.ipynb']);
    expect(found.documents).toEqual(['README.md', 'a/x.rst']);
    expect(found).toMatchObject({ skipped: 1, truncated: false, unreadable: [] });
  });

  it('honours each .gitignore for its own folder, the inner one first', async () => {
    const folder = await temporaryFolder({
      '.gitignore': 'generated/\n*_pb2.py\n/top.py\n',
      'top.py': '',
      'a/top.py': '',
      'a/x_pb2.py': '',
      'a/.gitignore': '!keep_pb2.py\nlocal.py\n',
      'a/keep_pb2.py': '',
      'a/local.py': '',
      'local.py': '',
      'generated/g.py': '',
      'b/generated/g.py': '',
    });
    const found = await findFiles({ ...options, folder }, signal);
    expect(found.python).toEqual(['local.py', 'a/keep_pb2.py', 'a/top.py']);
    expect(found.skipped).toBe(5);
  });

  it('honours the rules above the folder within its repository, unless they ignore the folder itself', async () => {
    const root = await temporaryFolder({
      '.git/HEAD': '',
      '.gitignore': 'tmp/\nsecret.py\n',
      'src/secret.py': '',
      'src/open.py': '',
      'tmp/a.py': '',
    });
    expect((await findFiles({ ...options, folder: join(root, 'src') }, signal)).python).toEqual(['open.py']);
    expect((await findFiles({ ...options, folder: join(root, 'tmp') }, signal)).python).toEqual(['a.py']);
  });

  it('leaves out what is excluded, hidden, installed, vendored or built', async () => {
    const folder = await temporaryFolder({
      'mine.py': '',
      'docs/conf.py': '',
      '.tox/a.py': '',
      '.hidden.py': '',
      'env/pyvenv.cfg': '',
      'env/lib/a.py': '',
      'lib/site-packages/a.py': '',
      'pkg/_vendor/a.py': '',
      'node_modules/gyp/a.py': '',
      'build/lib/a.py': '',
      'x.egg-info/a.py': '',
      'src/build/__init__.py': '',
    });
    const found = await findFiles({ ...options, folder, exclude: ['docs/'] }, signal);
    expect(found.python).toEqual(['mine.py', 'src/build/__init__.py']);
  });

  it('finds the other files where they are asked for, with what builds leave beside the code', async () => {
    const folder = await temporaryFolder({
      '.gitignore': '_version.py\n*.so\nbuilt/\n*.log\n',
      'm.py': '',
      '_version.py': '',
      'data.json': '',
      'README.md': '',
      'x.so': '',
      'x.log': '',
      '.env': '',
      'built/a.py': '',
      'private/b.py': '',
      'private.py': '',
    });
    const found = await findFiles({ ...options, folder, exclude: ['private*'], withOthers: true }, signal);
    expect(found.python).toEqual(['m.py']);
    expect(found.others).toEqual(['README.md', '_version.py', 'data.json', 'x.so']);
    expect((await findFiles({ ...options, folder }, signal)).others).toEqual([]);
  });

  it('follows no link: neither round in a circle nor out of the folder', async () => {
    const outside = await temporaryFolder({ 'other.py': '' });
    const folder = await temporaryFolder({ 'a/x.py': '' });
    await symlink('..', join(folder, 'a/loop'));
    await symlink(outside, join(folder, 'out'));
    await symlink(join(outside, 'other.py'), join(folder, 'link.py'));
    await symlink('self', join(folder, 'self'));
    expect((await findFiles({ ...options, folder }, signal)).python).toEqual(['a/x.py']);
  });

  it('stops at the bound and says so', async () => {
    const folder = await temporaryFolder({ 'a.py': '', 'b.py': '', 'c.py': '' });
    const found = await findFiles({ ...options, folder, maxFiles: 2 }, signal);
    expect(found).toMatchObject({ python: ['a.py', 'b.py'], truncated: true });
    expect(await findFiles({ ...options, folder, maxFiles: 3 }, signal)).toMatchObject({ truncated: false });
  });

  it('rejects when aborted', async () => {
    const folder = await temporaryFolder({ 'a.py': '' });
    await expect(findFiles({ ...options, folder }, AbortSignal.abort())).rejects.toThrow(/abort/i);
  });

  it('says of a folder that is gone that it cannot be listed', async () => {
    expect(await findFiles({ ...options, folder: '/nowhere/at/all' }, signal)).toMatchObject({
      unreadable: [''],
    });
  });
});
