import { join } from 'node:path';
import type { CallSource } from '../../../../protocol/seed.ts';
import type { ExampleIndex } from '../examples/example-index.ts';
import { findExamples } from '../examples/find-examples.ts';
import { readSource } from '../files/read-source.ts';
import { createPacer } from '../pacer.ts';
import type { Workspace } from '../workspace.ts';
import type { CallIndex } from './call-index.ts';
import { callSites } from './call-sites.ts';
import { doctestsIn, doctestsOf, type Session } from './doctests.ts';

/** Where the calls of a workspace are gathered, and the examples. */
export interface Indices {
  readonly index: CallIndex;
  readonly examples: ExampleIndex;
}

/** Adds the calls in a module's code and doctests. */
export async function indexModuleCalls(
  file: string,
  workspace: Workspace,
  { index, examples }: Indices,
  signal: AbortSignal,
): Promise<void> {
  const loaded = await workspace.load(file, signal);
  if (!loaded.ok) return;
  const { tree } = loaded.module;
  const source: CallSource = isTest(file) ? 'test' : 'code';
  const pace = createPacer(signal);
  index.addCalls(file, await callSites(tree, { source, isModule: true }, index.isWanted, pace));
  examples.add(await findExamples(tree, { file, source, isModule: true }, examples.isWanted, pace));
  await indexSessions(file, doctestsOf(tree), { index, examples }, signal);
}

/** Adds the calls in a document's doctests. A document that cannot be read has none. */
export async function indexDocumentCalls(
  file: string,
  { folder, maxFileBytes }: { readonly folder: string; readonly maxFileBytes: number },
  indices: Indices,
  signal: AbortSignal,
): Promise<void> {
  const read = await readSource(join(folder, file), maxFileBytes, signal);
  if (read.ok) await indexSessions(file, doctestsIn(read.source.text), indices, signal);
}

async function indexSessions(
  file: string,
  sessions: readonly Session[],
  { index, examples }: Indices,
  signal: AbortSignal,
) {
  const pace = createPacer(signal);
  for (const { tree, lines } of sessions) {
    const sites = await callSites(tree, { source: 'doctest', isModule: false }, index.isWanted, pace);
    index.addCalls(
      file,
      sites.map((site) => ({ ...site, line: lines[site.line - 1] ?? site.line })),
    );
    const place = { file, source: 'doctest', isModule: false } as const;
    const found = await findExamples(tree, place, examples.isWanted, pace);
    examples.add(found.map((example) => ({ ...example, line: lines[example.line - 1] ?? example.line })));
  }
}

function isTest(file: string): boolean {
  return /(^|\/)(tests?|testing)\/|(^|\/)(test_[^/]*|[^/]*_tests?|conftest)\.py$/.test(file);
}
