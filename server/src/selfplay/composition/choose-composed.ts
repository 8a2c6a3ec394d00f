import { parsePython } from '../../mining/python-parser.ts';
import { boundNames } from '../../mining/syntax/bound-names.ts';
import { textOf } from '../../mining/syntax/syntax.ts';
import { taskSize } from '../../tasks/task-size.ts';
import { readCall, readOutput } from '../../values/literal-reader.ts';
import type { ArchivedProgram } from '../archive.ts';
import type { Choices } from '../choices.ts';

/** References that are looked at for one place in a composition: each is parsed once. */
const lookedAt = 64;

/** Characters that the function which calls them may take of a task's program. */
const leftForCaller = 400;

/** What a program's module binds, by name, with the statement's text; null where it must stand first in its file. */
type Bindings = ReadonlyMap<string, string> | null;

const known = new WeakMap<ArchivedProgram, Bindings>();

/**
 * The first reference and others that can stand in one module with it, `depth` in all or fewer, but two at least: their names do not
 * clash, and together they leave room for a caller. Before others come those that can be chained: one gives what another takes.
 * Undefined where there is none.
 */
export function chooseComposed(
  first: ArchivedProgram,
  references: readonly ArchivedProgram[],
  depth: number,
  choices: Choices,
): ArchivedProgram[] | undefined {
  const composed = [first];
  for (const candidate of byChain(first, choices.some(references, lookedAt))) {
    if (composed.length >= depth) break;
    const isKnown = composed.some(({ entry }) => entry === candidate.entry);
    if (!isKnown && fitTogether([...composed, candidate])) composed.push(candidate);
  }
  return composed.length < 2 ? undefined : composed;
}

function byChain(first: ArchivedProgram, candidates: readonly ArchivedProgram[]): ArchivedProgram[] {
  const canFollow = (candidate: ArchivedProgram) =>
    Number(chains(first, candidate) || chains(candidate, first));
  return candidates
    .map((candidate) => ({ candidate, chained: canFollow(candidate) }))
    .sort((a, b) => b.chained - a.chained)
    .map(({ candidate }) => candidate);
}

/** Whether a function is known to take, alone, a value of a type that another is known to give. */
function chains(giver: ArchivedProgram, taker: ArchivedProgram): boolean {
  const [[, given = ''] = []] = giver.pairs;
  const [[taken = ''] = []] = taker.pairs;
  const output = readOutput(given);
  const call = readCall(taken);
  if (!output.ok || !call.ok || output.value.type !== 'value') return false;
  return call.value.length === 1 && call.value[0]?.type === output.value.value.type;
}

function fitTogether(programs: readonly ArchivedProgram[]): boolean {
  const size = programs.reduce((sum, { program }) => sum + program.length, 0);
  if (size + leftForCaller > taskSize.program) return false;
  const together = new Map<string, string>();
  for (const program of programs) {
    const bindings = bindingsOf(program);
    if (bindings === null) return false;
    for (const [name, text] of bindings) {
      if ((together.get(name) ?? text) !== text) return false;
      together.set(name, text);
    }
  }
  return true;
}

function bindingsOf(archived: ArchivedProgram): Bindings {
  const before = known.get(archived);
  if (before !== undefined) return before;
  const tree = parsePython(archived.program);
  const bindings = new Map<string, string>();
  for (const statement of tree.root.children) {
    for (const name of boundNames(tree, [statement]).bound) bindings.set(name, textOf(tree, statement));
  }
  const isFirst = tree.root.children.some(({ type }) => type === 'future_import_statement');
  const found = isFirst ? null : bindings;
  known.set(archived, found);
  return found;
}
