import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { readSource } from './read-source.ts';

const signal = new AbortController().signal;

async function read(content: string | Uint8Array, maxBytes = 100) {
  const folder = await temporaryFolder({ 'a.py': content });
  return readSource(join(folder, 'a.py'), maxBytes, signal);
}

describe('readSource', () => {
  it('takes off a byte order mark and evens line ends, as Python does', async () => {
    const result = await read('\uFEFFx = 1\r\ny = "é"\rz = 3\n');
    expect(result).toMatchObject({ ok: true, source: { text: 'x = 1\ny = "é"\nz = 3\n' } });
  });

  it("hashes the file's own bytes", async () => {
    const [a, b] = [await read('x\r\n'), await read('x\n')];
    if (!a.ok || !b.ok) throw new Error('Both can be read.');
    expect(a.source.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(a.source.hash).not.toBe(b.source.hash);
  });

  it.each([
    ['not-utf8', new Uint8Array([0x23, 0xe9, 0x0a])],
    ['too-large', 'x'.repeat(101)],
  ])('loses a file that is %s', async (loss, content) => {
    expect(await read(content)).toMatchObject({ ok: false, loss });
  });

  it('loses what is gone, what is a folder and what never ends', async () => {
    const folder = await temporaryFolder({ 'd.py/x': '' });
    expect(await readSource(join(folder, 'gone.py'), 100, signal)).toEqual({
      ok: false,
      loss: 'unreadable',
      detail: 'ENOENT',
    });
    expect(await readSource(join(folder, 'd.py'), 100, signal)).toMatchObject({
      ok: false,
      loss: 'unreadable',
    });
    if (process.platform === 'win32') return;
    execFileSync('mkfifo', [join(folder, 'pipe.py')]);
    expect(await readSource(join(folder, 'pipe.py'), 100, signal)).toMatchObject({
      ok: false,
      loss: 'unreadable',
    });
  });
});
