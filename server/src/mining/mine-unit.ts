import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { CallSource, Seed } from '../../../protocol/seed.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { contentId } from '../tasks/record-id.ts';
import { writeCall } from '../values/literal-writer.ts';
import type { FoundCall, UnitCalls } from './calls/call-index.ts';
import { readSource } from './files/read-source.ts';
import { generateCalls } from './generate/generate-calls.ts';
import { tryCalls } from './generate/try-calls.ts';
import type { Loss } from './losses.ts';
import { lossOf, type MineEvent } from './mine-event.ts';
import { listWrapper } from './slicing/list-wrapper.ts';
import type { Module } from './slicing/module.ts';
import { type Sliced, sliceProgram } from './slicing/program.ts';
import { lineAt, textOf, undecorated } from './syntax/syntax.ts';
import type { Unit } from './units.ts';
import { type VerifiedUnit, verifyCalls } from './verify-calls.ts';
import type { Workspace } from './workspace.ts';

/** What mining any unit of a folder takes. */
export interface UnitMining {
  readonly folder: string;
  readonly maxFileBytes: number;
  readonly sandbox: Sandbox;
  readonly workspace: Workspace;
  readonly commit: string | null;
  readonly sources: ReadonlySet<CallSource>;
  /** Ids of the seeds that were given out. */
  readonly seen: Set<string>;
}

/** Calls from which on a unit needs no made-up ones. */
const enoughCalls = 8;

/** Calls that are made up for one that needs some, to be tried once each. */
const callsMadeUp = 24;

/** Slices a unit out, runs its calls, and tells its seeds and losses. */
export async function mineUnit(
  module: Module,
  unit: Unit,
  found: UnitCalls,
  mining: UnitMining,
  signal: AbortSignal,
): Promise<readonly MineEvent[]> {
  const lose = (loss: Loss, detail = ''): MineEvent[] => [lossOf(module.file, unit.symbol, loss, detail)];
  if (unit.statement === null) return lose('is-conditional');
  const sliced = await sliceProgram(module, unit.statement, mining.workspace, signal);
  if (!sliced.ok) return lose(sliced.loss, sliced.detail);
  const { calls, failure } = await callsFor(module, unit, sliced, found, mining, signal);
  if (calls.length === 0) {
    if (found.notLiteral > 0)
      return lose(
        'call-not-literal',
        `${found.notLiteral} calls${failure === '' ? '' : `; made-up ones: ${failure}`}`,
      );
    return failure === '' ? lose('no-call') : lose('no-call-returns', failure);
  }
  const verified = await verifyUnit(sliced, unit, calls, mining, signal);
  const now = await readSource(join(mining.folder, module.file), mining.maxFileBytes, signal);
  if (!now.ok || now.source.hash !== module.fileHash) return lose('changed');
  return verified.flatMap((its) => [
    ...its.lost.map(({ found, loss, detail }) =>
      lossOf(module.file, unit.symbol, loss, `${found.text}${detail === '' ? '' : `: ${detail}`}`),
    ),
    ...seedEvents(module, unit, its, mining),
  ]);
}

/** Calls that were found, with made-up ones where these are few. */
async function callsFor(
  module: Module,
  unit: Unit,
  sliced: Sliced,
  { calls: all }: UnitCalls,
  { sandbox, sources }: UnitMining,
  signal: AbortSignal,
): Promise<{ readonly calls: readonly FoundCall[]; readonly failure: string }> {
  const calls = all.filter(({ source }) => sources.has(source));
  const missing = sources.has('generated') ? enoughCalls - calls.length : 0;
  if (missing <= 0) return { calls, failure: '' };
  const known = new Set(calls.map(({ text }) => text));
  const made = generateCalls(module.tree, undecorated(unit.node), unit.parameters, callsMadeUp).filter(
    (call) => !known.has(writeCall(call)),
  );
  const program = { program: sliced.source('none'), entry: unit.symbol };
  const { chosen, failure } = await tryCalls(program, made, missing, sandbox, signal);
  return { calls: [...calls, ...chosen], failure };
}

/** Runs a unit's calls; those that gave no literal once more for the list of what they give. */
async function verifyUnit(
  sliced: Sliced,
  unit: Unit,
  calls: readonly FoundCall[],
  { sandbox }: UnitMining,
  signal: AbortSignal,
): Promise<readonly VerifiedUnit[]> {
  const verified = await verifyCalls(sliced, [unit.symbol], calls, sandbox, signal);
  const unencodable = verified.lost.filter(({ loss }) => loss === 'unencodable').map(({ found }) => found);
  const wrapper = unencodable.length === 0 ? undefined : listWrapper(sliced, unit.symbol, unit.parameters);
  if (wrapper === undefined) return [verified];
  const names = [wrapper.entry, unit.symbol] as const;
  const asList = await verifyCalls(wrapper.sliced, names, unencodable, sandbox, signal);
  if (asList.kept.length === 0) return [verified];
  return [{ ...verified, lost: verified.lost.filter(({ loss }) => loss !== 'unencodable') }, asList];
}

function seedEvents(
  module: Module,
  unit: Unit,
  { program, entry, kept }: VerifiedUnit,
  { folder, sandbox, commit, seen }: UnitMining,
): MineEvent[] {
  const { text } = module.tree;
  return kept.map(({ found, output }): MineEvent => {
    const id = contentId(program, entry, found.text);
    if (seen.has(id)) return lossOf(module.file, unit.symbol, 'duplicate', found.text);
    seen.add(id);
    const provenance: Seed['provenance'] = {
      folder,
      file: module.file,
      symbol: unit.symbol,
      line: lineAt(text, unit.node.start),
      endLine: lineAt(text, unit.node.end),
      unitHash: createHash('sha256').update(textOf(module.tree, unit.node)).digest('hex'),
      fileHash: module.fileHash,
      commit,
      source: found.source,
      callFile: found.file,
      callLine: found.line,
    };
    const { backend } = sandbox;
    return { type: 'seed', seed: { id, program, entry, call: found.text, output, provenance, backend } };
  });
}
