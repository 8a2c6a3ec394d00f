import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { CallSource, Seed } from '../../../protocol/seed.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { contentId } from '../tasks/record-id.ts';
import type { UnitCalls } from './calls/call-index.ts';
import { readSource } from './files/read-source.ts';
import type { Loss } from './losses.ts';
import { lossOf, type MineEvent } from './mine-event.ts';
import type { Module } from './slicing/module.ts';
import { sliceProgram } from './slicing/program.ts';
import { lineAt, textOf } from './syntax/syntax.ts';
import type { Unit } from './units.ts';
import type { VerifiedUnit } from './verify-calls.ts';
import { verifyFunction, verifyMethod } from './verify-unit.ts';
import type { Workspace } from './workspace.ts';
import { classOf } from './wrappers/method-wrapper.ts';

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

/** Slices a unit out, runs its calls, and tells its seeds and losses. */
export async function mineUnit(
  module: Module,
  unit: Unit,
  found: UnitCalls,
  mining: UnitMining,
  signal: AbortSignal,
): Promise<readonly MineEvent[]> {
  const { workspace, sandbox, sources } = mining;
  const lose = (loss: Loss, detail = ''): MineEvent[] => [lossOf(module.file, unit.symbol, loss, detail)];
  const mayMakeUp = sources.has('generated');
  const owner = classOf(module, unit);
  const statement = unit.statement ?? (mayMakeUp ? owner : undefined);
  if (statement === undefined) return lose(unit.symbol.includes('.') ? 'is-nested' : 'is-conditional');
  const sliced = await sliceProgram(module, statement, workspace, signal);
  if (!sliced.ok) return lose(sliced.loss, sliced.detail);
  const calls = found.calls.filter(({ source }) => sources.has(source));
  const toVerify = { module, unit, sliced, calls, mayMakeUp };
  const { verified, failure } =
    owner === undefined
      ? await verifyFunction(toVerify, sandbox, signal)
      : await verifyMethod(toVerify, owner, sandbox, signal);
  const now = await readSource(join(mining.folder, module.file), mining.maxFileBytes, signal);
  if (!now.ok || now.source.hash !== module.fileHash) return lose('changed');
  if (verified.length === 0) return [noCalls(module, unit, found.notLiteral, failure)];
  return verified.flatMap((its) => [
    ...its.lost.map(({ found: call, loss, detail }) =>
      lossOf(module.file, unit.symbol, loss, `${call.text}${detail === '' ? '' : `: ${detail}`}`),
    ),
    ...seedEvents(module, unit, its, mining),
  ]);
}

/** Why there was no call to verify. */
function noCalls({ file }: Module, { symbol }: Unit, notLiteral: number, failure: string): MineEvent {
  const madeUp = failure === '' ? '' : `made-up ones: ${failure}`;
  if (notLiteral > 0) {
    const detail = [`${notLiteral} calls`, madeUp].filter((part) => part !== '').join('; ');
    return lossOf(file, symbol, 'call-not-literal', detail);
  }
  return failure === ''
    ? lossOf(file, symbol, 'no-call', '')
    : lossOf(file, symbol, 'no-call-returns', failure);
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
