import { join } from 'node:path';
import type { CallSource } from '../../../../protocol/seed.ts';
import { type ModuleNames, namesOf } from '../calls/call-index.ts';
import { type CallSite, callSites } from '../calls/call-sites.ts';
import { codeBlocksIn } from '../calls/code-blocks.ts';
import { doctestsIn, doctestsOf } from '../calls/doctests.ts';
import type { Session } from '../calls/session.ts';
import type { Example } from '../examples/example.ts';
import { findExamples } from '../examples/find-examples.ts';
import { isNotebook } from '../files/code-file.ts';
import { readSource } from '../files/read-source.ts';
import { isOfTests } from '../files/test-file.ts';
import { createPacer, type Pace } from '../pacer.ts';
import { fileLine } from '../slicing/module.ts';
import { type DefinedPrint, printsOf } from '../splits/definition-print.ts';
import type { SyntaxTree } from '../syntax/syntax.ts';
import { type Unit, unitsOf } from '../units.ts';
import { type FileLoss, type LoadOptions, loadModule } from '../workspace.ts';
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
  /** What of the file could not be read, as single cells of a notebook. */
  readonly lost: readonly FileLoss[];
  /** Of its definitions, to tell near-duplicates. */
  readonly prints: readonly DefinedPrint[];
}

export type FileIndex = ModuleIndex | ({ readonly ok: false; readonly file: string } & FileLoss);

/** Reads a module and finds what it defines and calls. */
export async function indexModule(
  file: string,
  options: LoadOptions,
  wanted: WantedNames,
  signal: AbortSignal,
): Promise<FileIndex> {
  const loaded = await loadModule(file, options, signal);
  if (!loaded.ok) return { ...loaded, file };
  const { module, lost } = loaded;
  const { tree } = module;
  const units = unitsOf(module);
  const source: CallSource = isOfTests(file) && !isNotebook(file) ? 'test' : 'code';
  const pace = createPacer(signal);
  const own = await foundIn(tree, { file, source, isModule: true }, wanted, pace);
  const sessions = await foundInSessions({ file, source: 'doctest' }, doctestsOf(tree), wanted, pace);
  const inFile = (line: number) => fileLine(module, line);
  return {
    ok: true,
    file,
    fileHash: module.fileHash,
    units: units.map(({ symbol, loss }) => ({ symbol, loss })),
    ...namesOf(module, units),
    lost,
    prints: printsOf(module),
    ...withLines(
      { sites: [...own.sites, ...sessions.sites], examples: [...own.examples, ...sessions.examples] },
      inFile,
    ),
  };
}

/** Finds what the doctests and the blocks of code in a document call. A document that cannot be read has none. */
export async function indexDocument(
  file: string,
  { folder, maxFileBytes }: LoadOptions,
  wanted: WantedNames,
  signal: AbortSignal,
): Promise<FoundInText> {
  const read = await readSource(join(folder, file), maxFileBytes, signal);
  if (!read.ok) return { sites: [], examples: [] };
  const { text } = read.source;
  const pace = createPacer(signal);
  const doctests = await foundInSessions({ file, source: 'doctest' }, doctestsIn(text), wanted, pace);
  const blocks = await foundInSessions({ file, source: 'code' }, codeBlocksIn(file, text), wanted, pace);
  return {
    sites: [...doctests.sites, ...blocks.sites],
    examples: [...doctests.examples, ...blocks.examples],
  };
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
  place: { readonly file: string; readonly source: CallSource },
  sessions: readonly Session[],
  wanted: WantedNames,
  pace: Pace,
): Promise<FoundInText> {
  const all = { sites: [] as CallSite[], examples: [] as Example[] };
  for (const { tree, lines } of sessions) {
    const own = await foundIn(tree, { ...place, isModule: false }, wanted, pace);
    const found = withLines(own, (line) => lines[line - 1] ?? line);
    all.sites.push(...found.sites);
    all.examples.push(...found.examples);
  }
  return all;
}

/** The same with the lines of a text around: `lineOf` says which one a line is. */
function withLines({ sites, examples }: FoundInText, lineOf: (line: number) => number): FoundInText {
  const moved = <T extends { readonly line: number }>(each: T): T => ({ ...each, line: lineOf(each.line) });
  return { sites: sites.map(moved), examples: examples.map(moved) };
}
