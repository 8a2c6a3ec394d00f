import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { MinedSource } from '../../../protocol/seed.ts';
import { type FindOptions, findFiles } from './files/find-files.ts';
import type { SplitRule } from './splits/split-rule.ts';

/** Raised whenever mining finds other seeds in the same files. */
const miningVersion = 4;

/**
 * What mining a folder depends on, as one short text: the files with their sizes and times of change. Equal fingerprints
 * mean that mining again would find the same.
 */
export async function fingerprint(
  options: FindOptions & { readonly sources?: readonly MinedSource[]; readonly split?: SplitRule },
  sandbox: string,
  signal: AbortSignal,
): Promise<string> {
  const { python, documents } = await findFiles(options, signal);
  const hash = createHash('sha256').update(
    JSON.stringify([miningVersion, sandbox, options.exclude, options.sources ?? null, options.split ?? null]),
  );
  for (const file of [...python, ...documents].sort()) {
    const found = await stat(path.join(options.folder, file)).catch(() => undefined);
    hash.update(`${file}\0${found?.size}\0${found?.mtimeMs}\n`);
  }
  return hash.digest('hex');
}
