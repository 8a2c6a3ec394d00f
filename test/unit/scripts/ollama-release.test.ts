import { describe, expect, it } from 'vitest';
import { acquireOllama } from '../../../scripts/ollama/acquire.mjs';
import { publishedHash, releaseArchive, releaseUrl } from '../../../scripts/ollama/release.mjs';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('the release', () => {
  it.each([
    ['linux', 'x64', 'ollama-linux-amd64.tar.zst'],
    ['linux', 'arm64', 'ollama-linux-arm64.tar.zst'],
    ['darwin', 'arm64', 'ollama-darwin.tgz'],
    ['darwin', 'x64', 'ollama-darwin.tgz'],
    ['win32', 'x64', 'ollama-windows-amd64.zip'],
    ['win32', 'arm64', 'ollama-windows-arm64.zip'],
    ['linux', 'riscv64', undefined],
    ['freebsd', 'x64', undefined],
  ] as const)('for %s on %s is %s', (platform, arch, archive) => {
    expect(releaseArchive(platform, arch)).toBe(archive);
  });

  it('is pinned by its version', () => {
    expect(releaseUrl('a.tgz')).toMatch(/^https:\/\/.*\/v\d+\.\d+\.\d+\/a\.tgz$/);
  });

  it('has the hash that its list of checksums names for exactly that file', () => {
    const [one, other] = ['1'.repeat(64), '2'.repeat(64)];
    const list = `${one}  ./ollama-linux-amd64.tar.zst.sig\n${other}  ./ollama-linux-amd64.tar.zst\r\n`;
    expect(publishedHash(list, 'ollama-linux-amd64.tar.zst')).toBe(other);
    expect(publishedHash(`${one} *a.zip`, 'a.zip')).toBe(one);
    expect(publishedHash(list, 'a.zip')).toBeUndefined();
    expect(publishedHash('<html>404</html>', 'a.zip')).toBeUndefined();
  });
});

describe('acquiring while offline', () => {
  it('says what is missing, and asks nobody', async () => {
    const said: string[] = [];
    const options = {
      cacheFolder: await temporaryFolder(),
      offline: true,
      say: (text: string) => void said.push(text),
    };
    await expect(acquireOllama(options)).rejects.toMatchObject({ reason: 'missing' });
    expect(said).toEqual([]);
  });
});
