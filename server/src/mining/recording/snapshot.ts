import { copyFile, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type FindOptions, findFiles } from '../files/find-files.ts';

/** Bounds of a snapshot: what tests read beside code. */
const maxFileBytes = 8 * 2 ** 20;
const maxBytes = 256 * 2 ** 20;

/** Files that hold keys by their names. */
const keyFile = /\.(pem|key|p12|pfx|jks|keystore|kdbx)$|^id_(rsa|dsa|ecdsa|ed25519)|credential|secret/i;

/** A copy of a folder's files for its tests to run over. */
export interface Snapshot {
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Copies what a folder holds for its code: no hidden files, nothing ignored, installed or built, no files of keys, none above
 * 8 MiB, at most 256 MiB.
 */
export async function takeSnapshot(options: FindOptions, signal: AbortSignal): Promise<Snapshot> {
  const found = await findFiles({ ...options, withOthers: true }, signal);
  const place = await mkdtemp(join(tmpdir(), 'autodidact-snapshot-'));
  const remove = () => rm(place, { recursive: true, force: true });
  try {
    let bytes = 0;
    for (const file of [...found.python, ...found.others]) {
      signal.throwIfAborted();
      if (keyFile.test(file.slice(file.lastIndexOf('/') + 1)) && !file.endsWith('.py')) continue;
      const from = join(options.folder, file);
      const { size } = await stat(from).catch(() => ({ size: Number.POSITIVE_INFINITY }));
      if (size > maxFileBytes || bytes + size > maxBytes) continue;
      bytes += size;
      await mkdir(dirname(join(place, file)), { recursive: true });
      // A file that is gone by now is missed by the tests that need it.
      await copyFile(from, join(place, file)).catch(() => undefined);
    }
    return { folder: place, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
