/** The Ollama that set-up acquires where none is installed, and where its makers publish it. */

export const ollamaVersion = '0.17.4';

/** The one download address in the code. */
const downloads = 'https://github.com/ollama/ollama/releases/download';

/** Lists the SHA-256 of each file of a release, as `sha256sum` prints them. */
export const checksumFile = 'sha256sum.txt';

/**
 * Where a file of the release is published.
 *
 * @param {string} file
 */
export function releaseUrl(file) {
  return `${downloads}/v${ollamaVersion}/${file}`;
}

/**
 * The archive of a platform; undefined where none is published.
 *
 * @param {NodeJS.Platform} platform
 * @param {string} arch  As in `process.arch`.
 * @returns {string | undefined}
 */
export function releaseArchive(platform, arch) {
  const machine = { x64: 'amd64', arm64: 'arm64' }[arch];
  if (machine === undefined) return undefined;
  if (platform === 'linux') return `ollama-linux-${machine}.tar.zst`;
  if (platform === 'darwin') return 'ollama-darwin.tgz';
  if (platform === 'win32') return `ollama-windows-${machine}.zip`;
  return undefined;
}

/**
 * The published SHA-256 of a file.
 *
 * @param {string} checksums  Content of the checksum file.
 * @param {string} file
 * @returns {string | undefined}
 */
export function publishedHash(checksums, file) {
  for (const line of checksums.split('\n')) {
    const [, hash, name] = /^([0-9a-f]{64}) [ *](?:\.\/)?(.+?)\r?$/.exec(line) ?? [];
    if (name === file) return hash;
  }
  return undefined;
}
