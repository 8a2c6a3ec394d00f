import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { fingerprint } from './fingerprint.ts';

const { signal } = new AbortController();

it.each([
  ['a.py', true],
  ['b.ipynb', true],
  ['README.md', true],
  ['c.js', false],
])('of a folder changes with %s: %s', async (file, isRead) => {
  const folder = await temporaryFolder({ 'a.py': '', 'b.ipynb': '', 'README.md': '', 'c.js': '' });
  const print = () => fingerprint({ folder, exclude: [], maxFiles: 10 }, 'a sandbox', signal);
  const before = await print();
  expect(await print()).toBe(before);
  await writeFile(join(folder, file), 'x');
  expect((await print()) !== before).toBe(isRead);
});
