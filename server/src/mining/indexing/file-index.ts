import { join } from 'node:path';
import type { CallSource } from '../../../../protocol/seed.ts';
import { type ModuleNames, namesOf } from '../calls/call-index.ts';
import { type CallSite, callSites } from '../calls/call-sites.ts';
import { doctestsIn, doctestsOf, type Session } from '../calls/doctests.ts';
import type { Example } from '../examples/example.ts';
import { findExamples } from '../examples/find-examples.ts';
import { readSource } from '../files/read-source.ts';
import { isOfTests } from '../files/test-file.ts';
import { createPacer, type Pace } from '../pacer.ts';
import { type DefinedPrint, printsOf } from '../splits/definition-print.ts';
import type { SyntaxTree } from '../syntax/syntax.ts';
import { type Unit, unitsOf } from '../units.ts';
import { type FileLoss, loadModule, type Reading } from '../workspace.ts';
import type { WantedNames } from './wanted-names.ts';

/** Calls and examples that stand in a text. */
export interface FoundInText {
  readonly sites: readonly CallSite[];
  readonly examples: readonly Example[];
}

/** What mining knows of a module before it looks at its units: no syntax. It can be sent from thread to thread. */
export interface ModuleIndex extends FoundInText, ModuleNames {
  readonly ok: true;
  readonly file: string;
  /** SHA-256 of the file that was indexed, hex. */
  readonly fileHash: string;
  readonly units: readonly Pick<Unit, 'symbol' | 'loss'>[];
  /** Of its definitions, to tell near-duplicates. */
  readonly prints: readonly DefinedPrint[];
}

export type FileIndex = ModuleIndex | ({ readonly ok: false; readonly file: string } & FileLoss);

/** Reads a module and finds what it defines and calls. */
export async function indexModule(
  file: string,
  reading: Reading,
  wanted: WantedNames,
  signal: AbortSignal,
): Promise<FileIndex> {
  const loaded = await loadModule(reading, file, signal);
  if (!loaded.ok) return { ...loaded, file };
  const { tree } = loaded.module;
  const units = unitsOf(loaded.module);
  const source: CallSource = isOfTests(file) ? 'test' : 'code';
  const pace = createPacer(signal);
  const own = await foundIn(tree, { file, source, isModule: true }, wanted, pace);
  const sessions = await foundInSessions(file, doctestsOf(tree), wanted, pace);
  return {
    ok: true,
    file,
    fileHash: loaded.module.fileHash,
    units: units.map(({ symbol, loss }) => ({ symbol, loss })),
    ...namesOf(loaded.module, units),
    prints: printsOf(loaded.module),
    sites: [...own.sites, ...sessions.sites],
    examples: [...own.examples, ...sessions.examples],
  };
}

/** Finds what a document's doctests call. A document that cannot be read has none. */
export async function indexDocument(
  file: string,
  { folder, maxFileBytes }: Reading,
  wanted: WantedNames,
  signal: AbortSignal,
): Promise<FoundInText> {
  const read = await readSource(join(folder, file), maxFileBytes, signal);
  if (!read.ok) return { sites: [], examples: [] };
  return foundInSessions(file, doctestsIn(read.source.text), wanted, createPacer(signal));
}

async function foundIn(
  tree: SyntaxTree,
  place: { readonly file: string; readonly source: CallSource; readonly isModule: boolean },
  { functions, units }: WantedNames,
  pace: Pace,
): Promise<FoundInText> {
  const isWanted = (callee: string) => functions.has(callee.slice(callee.lastIndexOf('.') + 1));
  const sites = await callSites(tree, place, isWanted, pace);
  return { sites, examples: await findExamples(tree, place, (name) => units.has(name), pace) };
}

async function foundInSessions(
  file: string,
  sessions: readonly Session[],
  wanted: WantedNames,
  pace: Pace,
): Promise<FoundInText> {
  const all = { sites: [] as CallSite[], examples: [] as Example[] };
  for (const { tree, lines } of sessions) {
    const found = await foundIn(tree, { file, source: 'doctest', isModule: false }, wanted, pace);
    const inFile = <T extends { readonly line: number }>(each: T): T => ({
      ...each,
      line: lines[each.line - 1] ?? each.line,
    });
    all.sites.push(...found.sites.map(inFile));
    all.examples.push(...found.examples.map(inFile));
  }
  return all;
}
