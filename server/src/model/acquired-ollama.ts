import { createHash } from 'node:crypto';
import { access, constants, readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/**
 * The Ollama that set-up acquired for this machine, the newest version first; undefined where there is none. Set-up keeps
 * the same names for Nodes that cannot load this file (scripts/ollama/acquired-folder.mjs); a test compares the two.
 */
export async function acquiredOllama(cacheFolder: string): Promise<string | undefined> {
  const machine = `${process.platform}-${process.arch}`;
  const suffixes = [`-${machine}`, `-${machine}-native-${await cpuKey()}`];
  const folder = path.join(cacheFolder, 'ollama');
  const names = (await readdir(folder).catch(() => []))
    .filter((name) => suffixes.some((suffix) => name.endsWith(suffix)))
    .sort((one, other) => other.localeCompare(one, 'en', { numeric: true }));
  for (const name of names) {
    const binary = path.join(folder, name, 'bin', process.platform === 'win32' ? 'ollama.exe' : 'ollama');
    if (await isExecutable(binary)) return binary;
  }
  return undefined;
}

/** A program on PATH; undefined where there is none. */
export async function findOnPath(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  for (const folder of (env['PATH'] ?? env['Path'] ?? '').split(path.delimiter)) {
    const candidate = path.join(folder, file);
    if (path.isAbsolute(candidate) && (await isExecutable(candidate))) return candidate;
  }
  return undefined;
}

/** What was built here runs where the processor has the same features: a cache can be shared by machines. */
async function cpuKey(): Promise<string> {
  const listed = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  const features = /^(?:flags|Features)\s*:(.*)$/m.exec(listed)?.[1] ?? os.cpus()[0]?.model ?? '';
  return createHash('sha256').update(features.trim()).digest('hex').slice(0, 12);
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
