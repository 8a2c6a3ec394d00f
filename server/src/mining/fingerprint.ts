import { stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { CallSource } from '../../../protocol/seed.ts';
import { type FindOptions, findFiles } from './files/find-files.ts';
import { readSource } from './files/read-source.ts';
import type { SplitRule } from './splits/split-rule.ts';

/** Raised whenever mining finds other seeds in the same files. */
const miningVersion = 5;

/** What mining a folder depends on. Equal ones mean that mining again would find the same. */
export const Fingerprint = z.object({
  /** All but the files: version, sandbox, settings. */
  settings: z.string(),
  /** By their paths within the folder: size and time of change, which tell quickly that a file is the same, and hash. */
  files: z.record(z.string(), z.object({ stat: z.string(), hash: z.string() })),
});
export type Fingerprint = z.infer<typeof Fingerprint>;

export interface FingerprintOptions extends FindOptions {
  readonly maxFileBytes: number;
  readonly sources?: readonly CallSource[];
  readonly split?: SplitRule;
}

/** Takes the fingerprint of a folder; files that look as they did `before` are not read. */
export async function fingerprint(
  options: FingerprintOptions,
  sandbox: string,
  before: Fingerprint | undefined,
  signal: AbortSignal,
): Promise<Fingerprint> {
  const { python, notebooks, documents } = await findFiles(options, signal);
  const { exclude, sources = null, split = null } = options;
  const files: Record<string, { stat: string; hash: string }> = {};
  for (const file of [...python, ...notebooks, ...documents].sort()) {
    const place = path.join(options.folder, file);
    const found = await stat(place).catch(() => undefined);
    const looks = `${found?.size} ${found?.mtimeMs}`;
    const known = before?.files[file];
    if (known?.stat === looks) {
      files[file] = known;
      continue;
    }
    const read = await readSource(place, options.maxFileBytes, signal);
    files[file] = { stat: looks, hash: read.ok ? read.source.hash : `${read.loss} ${looks}` };
  }
  return { settings: JSON.stringify([miningVersion, sandbox, exclude, sources, split]), files };
}

/** The files that are new, gone or not the same in two fingerprints; undefined where what differs is not in the files. */
export function changedFiles(
  before: Fingerprint | undefined,
  now: Fingerprint,
): readonly string[] | undefined {
  if (before?.settings !== now.settings) return undefined;
  const all = new Set([...Object.keys(before.files), ...Object.keys(now.files)]);
  return [...all].filter((file) => before.files[file]?.hash !== now.files[file]?.hash);
}
