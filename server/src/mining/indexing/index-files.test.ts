import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { noPackages } from '../slicing/standard-library.ts';
import { indexFiles } from './index-files.ts';
import { addWantedNames, type WantedNames } from './wanted-names.ts';

const bounds = { maxFileBytes: 100_000, packages: noPackages };

/** A folder of as many modules, each with a function that the next one calls, and a document. */
async function folderOf(count: number) {
  const files: Record<string, string> = { 'README.md': '>>> f0(7)\n7\n' };
  for (let at = 0; at < count; at += 1)
    files[`m${at}.py`] =
      `from m${at + 1} import f${at + 1} as g\ndef f${at}(x):\n    return g({'a': ${at}}, [1.5])\n`;
  files['broken.py'] = 'def (:\n';
  files['old.py'] = "print 'x'\n";
  const python = Object.keys(files).filter((file) => file.endsWith('.py'));
  return { folder: await temporaryFolder(files), python, documents: ['README.md'] };
}

describe('indexFiles', () => {
  it('finds the same in threads as without, in the order of the files', { timeout: 60_000 }, async () => {
    const { folder, python, documents } = await folderOf(60);
    const { signal } = new AbortController();
    const many = await Array.fromAsync(indexFiles(python, documents, { folder, ...bounds }, signal));
    expect(many.map(({ file }) => file)).toEqual([...python, ...documents]);
    // The few at the end, which take no threads.
    const few = [...python.slice(-4)];
    const here = await Array.fromAsync(indexFiles(few, documents, { folder, ...bounds }, signal));
    const there = many.slice(-5);
    expect(here.slice(1, 4)).toEqual(there.slice(1, 4));
    expect(many[3]).toMatchObject({
      ok: true,
      units: [{ symbol: 'f3', loss: null }],
      sites: [{ callee: 'g', source: 'code', line: 3 }],
      prints: [{ symbol: 'f3' }],
    });
    expect(there.map(({ ok }) => ok)).toEqual([true, true, false, false, 'document']);
    expect(there[3]).toMatchObject({ loss: 'syntax', detail: 'line 1: Python 2' });
    expect(there[4]).toMatchObject({ sites: [{ callee: 'f0', source: 'doctest', line: 1 }] });
  });

  it('ends with its threads when it is aborted', { timeout: 60_000 }, async () => {
    const { folder, python, documents } = await folderOf(300);
    const stop = new AbortController();
    const found = indexFiles(python, documents, { folder, ...bounds }, stop.signal);
    await found.next();
    stop.abort();
    await expect(Array.fromAsync(found)).rejects.toThrow(/abort/i);
  });
});

describe('addWantedNames', () => {
  it('finds what a text defines and what it calls otherwise', () => {
    const wanted: WantedNames = { functions: new Set(), units: new Set() };
    const text = 'import numpy as np\ndef f(x): pass\nasync def g(): pass\nclass A:\n    def m(self): pass\n';
    addWantedNames(text, wanted);
    expect([...wanted.functions]).toEqual(['f', 'g', 'np']);
    expect([...wanted.units]).toEqual(['f', 'g', 'm']);
  });
});
