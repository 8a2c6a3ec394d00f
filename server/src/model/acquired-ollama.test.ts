import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { acquiredBinary, acquiredFolder } from '../../../scripts/ollama/acquired-folder.mjs';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { acquiredOllama, findOnPath } from './acquired-ollama.ts';

let cache = '';
beforeEach(async () => {
  cache = await temporaryFolder();
});

/** Puts a binary where set-up would put it. */
async function acquire(version: string, origin: 'released' | 'native'): Promise<string> {
  const binary = acquiredBinary(acquiredFolder(cache, version, origin));
  await mkdir(path.dirname(binary), { recursive: true });
  await writeFile(binary, '');
  await chmod(binary, 0o755);
  return binary;
}

describe('the acquired Ollama', () => {
  it('is none in an empty cache', async () => {
    expect(await acquiredOllama(cache)).toBeUndefined();
  });

  it.each(['released', 'native'] as const)('is the %s one where set-up put it', async (origin) => {
    const binary = await acquire('0.17.4', origin);
    expect(await acquiredOllama(cache)).toBe(binary);
  });

  it('is the newest by number', async () => {
    await acquire('0.9.6', 'released');
    const newest = await acquire('0.17.4', 'native');
    await acquire('0.12.11', 'released');
    expect(await acquiredOllama(cache)).toBe(newest);
  });

  it('is none of another machine, and none that is still being made', async () => {
    const binary = await acquire('0.17.4', 'native');
    const folder = path.dirname(path.dirname(binary));
    for (const name of [
      folder.replace(/.$/, 'x'),
      `${folder}.new-123-abc`,
      folder.replace(/-.*/, '-plan9-mips'),
    ]) {
      await mkdir(path.join(name, 'bin'), { recursive: true });
      await writeFile(path.join(name, 'bin', 'ollama'), '', { mode: 0o755 });
    }
    expect(await acquiredOllama(cache)).toBe(binary);
    await chmod(binary, 0o644);
    expect(await acquiredOllama(cache)).toBeUndefined();
  });
});

describe('a program on PATH', () => {
  it('is the first one that can be run, relative folders left out', async () => {
    const binary = await acquire('1.0.0', 'released');
    const env = { PATH: ['', '.', '/nowhere', path.dirname(binary)].join(path.delimiter) };
    expect(await findOnPath('ollama', env)).toBe(binary);
    expect(await findOnPath('llama', env)).toBeUndefined();
    expect(await findOnPath('ollama', {})).toBeUndefined();
  });
});
