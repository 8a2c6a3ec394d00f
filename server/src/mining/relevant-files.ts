import { join } from 'node:path';
import { callSites } from './calls/call-sites.ts';
import { readCode } from './files/read-code.ts';
import { readSource } from './files/read-source.ts';
import { createPacer } from './pacer.ts';
import { unitsOf } from './units.ts';
import type { Workspace } from './workspace.ts';

interface RelevantOptions {
  readonly folder: string;
  readonly maxFileBytes: number;
  readonly workspace: Workspace;
  /** Units, as `file:symbol`, whose files are among them in any case. */
  readonly also: ReadonlySet<string>;
}

/**
 * The files that have to do with some edited ones, documents among them: those themselves, those that name one of their functions,
 * and those that define a function that they call. Found by words, without parsing the others.
 */
export async function relevantFiles(
  edited: ReadonlySet<string>,
  files: readonly string[],
  { folder, maxFileBytes, workspace, also }: RelevantOptions,
  signal: AbortSignal,
): Promise<string[]> {
  const pace = createPacer(signal);
  const defined = new Set<string>();
  const called = new Set<string>();
  for (const file of files.filter((each) => edited.has(each))) {
    const loaded = await workspace.load(file, signal);
    if (!loaded.ok) continue;
    for (const { symbol } of unitsOf(loaded.module)) defined.add(symbol);
    const everything = (callee: string) =>
      called.add(callee.slice(callee.lastIndexOf('.') + 1)) !== undefined;
    await callSites(loaded.module.tree, { source: 'code', isModule: true }, everything, pace);
  }
  const code = new Set(files);
  for (const file of edited) {
    if (code.has(file)) continue;
    const read = await readSource(join(folder, file), maxFileBytes, signal);
    for (const [, name = ''] of read.ok ? read.source.text.matchAll(/(\w+)\s*\(/g) : []) called.add(name);
  }
  const named = new Set([...also].map((unit) => unit.slice(0, unit.lastIndexOf(':'))));
  const relevant: string[] = [];
  for (const file of files) {
    await pace();
    if (edited.has(file) || named.has(file) || (await concerns(file))) relevant.push(file);
  }
  return relevant;

  async function concerns(file: string): Promise<boolean> {
    const read = await readCode(file, { folder, maxFileBytes }, signal);
    if (!read.ok) return false;
    const { text } = read.source;
    // Through a star import a name comes in without being written.
    if (/^from .* import \*/m.test(text)) return true;
    for (const [, name = ''] of text.matchAll(/^(?:async\s+)?def\s+(\w+)/gm))
      if (called.has(name)) return true;
    for (const [word] of text.matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu)) if (defined.has(word)) return true;
    return false;
  }
}
