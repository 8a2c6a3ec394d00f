import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unpack } from '../../../scripts/ollama/unpack.mjs';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A release as it is packed for Linux, with a library large enough that its archive has many blocks. */
async function release() {
  const library = Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 10_007).join();
  const folder = await temporaryFolder({ 'bin/ollama': 'binary', 'lib/ollama/libggml.so': library });
  const tar = execFileSync('tar', ['-cf', '-', '-C', folder, 'bin', 'lib'], { maxBuffer: 1e8 });
  return { library, folder, packed: zstdCompressSync(tar) };
}

describe('an archive of a release', () => {
  it('is unpacked with all its folders', async () => {
    const { library, folder, packed } = await release();
    const archive = path.join(folder, 'ollama.tar.zst');
    await writeFile(archive, packed);
    await unpack(archive, path.join(folder, 'out'), undefined);
    expect(await readFile(path.join(folder, 'out/bin/ollama'), 'utf8')).toBe('binary');
    expect(await readFile(path.join(folder, 'out/lib/ollama/libggml.so'), 'utf8')).toBe(library);
  });

  it.each([
    ['cut off', (packed: Buffer) => packed.subarray(0, packed.length / 2)],
    ['none at all', () => Buffer.from('not found')],
  ])('that is %s is an error that says so', async (_how, damage) => {
    const { folder, packed } = await release();
    const archive = path.join(folder, 'ollama.tar.zst');
    await writeFile(archive, damage(packed));
    await expect(unpack(archive, path.join(folder, 'out'), undefined)).rejects.toMatchObject({
      reason: 'missing',
      message: expect.stringContaining('cannot be unpacked'),
    });
  });

  it('is left alone when it is interrupted', async () => {
    const { folder, packed } = await release();
    const archive = path.join(folder, 'ollama.tar.zst');
    await writeFile(archive, packed);
    const interrupt = AbortSignal.abort(new Error('interrupted'));
    await expect(unpack(archive, path.join(folder, 'out'), interrupt)).rejects.toThrow('interrupted');
  });
});
