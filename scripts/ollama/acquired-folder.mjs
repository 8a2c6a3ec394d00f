import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

/**
 * Where acquired Ollamas lie: `ollama/<version>-<platform>-<arch>` in the cache for one that its makers built, with
 * `-native-<cpu>` behind it for one built here, which runs only where the processor has the same features: a cache can be
 * shared by machines. The server looks in the same folders (server/src/model/acquired-ollama.ts); a test compares the two.
 *
 * @param {string} cacheFolder
 * @param {string} version
 * @param {'released' | 'native'} origin
 */
export function acquiredFolder(cacheFolder, version, origin) {
  const machine = `${process.platform}-${process.arch}`;
  const suffix = origin === 'native' ? `${machine}-native-${cpuKey()}` : machine;
  return join(cacheFolder, 'ollama', `${version}-${suffix}`);
}

/**
 * The binary in such a folder.
 *
 * @param {string} folder
 */
export function acquiredBinary(folder) {
  return join(folder, 'bin', process.platform === 'win32' ? 'ollama.exe' : 'ollama');
}

/** Names the features of this machine's processor; its model where the system does not list them. */
function cpuKey() {
  let features = cpus()[0]?.model ?? '';
  try {
    features = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? features;
  } catch {
    // Only Linux has the file.
  }
  return createHash('sha256').update(features.trim()).digest('hex').slice(0, 12);
}
