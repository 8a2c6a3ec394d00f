import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { CallSource, Seed, Split, UnitRef } from '../../../protocol/seed.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { contentId } from '../tasks/record-id.ts';
import { taskSize } from '../tasks/task-size.ts';
import type { FoundCall, UnitCalls } from './calls/call-index.ts';
import type { VerifiedCall } from './choose-calls.ts';
import type { ExampleIndex } from './examples/example-index.ts';
import { maxBytesOf } from './files/code-file.ts';
import { readSource } from './files/read-source.ts';
import type { KnownPrograms } from './known-programs.ts';
import type { Loss } from './losses.ts';
import { lossOf, type MineEvent, type Tell } from './mine-event.ts';
import { shapeHash } from './program-shape.ts';
import { addProposed, type Proposing } from './proposing/add-proposed.ts';
import type { RecordedCalls } from './recording/recorded-calls.ts';
import { behaviourOf } from './screens/behaviour.ts';
import { countProgram, difficultyOf } from './screens/difficulty.ts';
import { isIgnored } from './screens/ignored.ts';
import { licenceOf } from './screens/licence.ts';
import { secretIn, withoutSecrets } from './screens/secrets.ts';
import { fileLine, type Module } from './slicing/module.ts';
import { type Sliced, sliceProgram } from './slicing/program.ts';
import type { SliceFailure } from './slicing/slice.ts';
import { strictest } from './splits/split-rule.ts';
import type { UnitSplits } from './splits/unit-splits.ts';
import { lineAt, type SyntaxNode, textOf } from './syntax/syntax.ts';
import { unansweredCalls } from './unanswered.ts';
import type { Unit } from './units.ts';
import type { VerifiedUnit } from './verify-calls.ts';
import type { TriedProgram } from './verify-subject.ts';
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
  readonly splits: UnitSplits;
  readonly programs: KnownPrograms;
  readonly examples: ExampleIndex;
  readonly recorded: RecordedCalls;
  /** Undefined where no call is to come from a model. */
  readonly proposing: Proposing | undefined;
  /** Whether the steps of each unit are told, too. */
  readonly tellsSteps: boolean;
}

/** Characters. Larger programs are not run to find out what is needed of them: the sandbox takes no more in one piece. */
const maxProgram = 200_000;

/** Slices a unit out, runs its calls, and tells its seeds and losses. */
export async function mineUnit(
  module: Module,
  unit: Unit,
  found: UnitCalls,
  mining: UnitMining,
  signal: AbortSignal,
): Promise<readonly MineEvent[]> {
  const steps: MineEvent[] = [];
  const tell: Tell = (step, detail) => {
    if (mining.tellsSteps) steps.push({ type: 'step', file: module.file, symbol: unit.symbol, step, detail });
  };
  return [...(await outcomeOf(module, unit, found, { ...mining, tell }, signal)), ...steps];
}

async function outcomeOf(
  module: Module,
  unit: Unit,
  found: UnitCalls,
  mining: UnitMining & { readonly tell: Tell },
  signal: AbortSignal,
): Promise<readonly MineEvent[]> {
  const { workspace, sources, tell } = mining;
  const lose = (loss: Loss, detail = ''): MineEvent[] => [lossOf(module.file, unit.symbol, loss, detail)];
  const mayMakeUp = sources.has('generated');
  const owner = classOf(module, unit);
  const statement = unit.statement ?? owner;
  if (statement === undefined) return lose(unit.symbol.includes('.') ? 'is-nested' : 'is-conditional');
  const asks = owner === undefined ? [] : [unit.symbol.slice(unit.symbol.lastIndexOf('.') + 1)];
  const sliced = await sliceProgram(module, statement, workspace, signal, { asks });
  if (!sliced.ok) return lose(sliced.loss, failureText(sliced));
  tell('program', programText(sliced));
  const { length } = sliced.source('none');
  if (length > maxProgram) return lose('program-too-large', `${length} characters`);
  if (isIgnored(module, unit)) return lose('ignored', unit.symbol);
  const ignored = sliced.pieces.find((piece) => isIgnored(piece.module, piece.statement));
  if (ignored !== undefined) return lose('ignored', [...ignored.statement.binds].join(', '));
  const secret = await secretIn(sliced.source('docstrings'));
  if (secret !== undefined) return lose('secret', secret);
  const known = await withoutSecrets(found.calls.filter(({ source }) => sources.has(source)));
  const { calls: recorded, made, objects } = await mining.recorded.of(module, unit);
  const texts = new Set(known.map(({ text }) => text));
  const calls = [...known, ...recorded.filter(({ text }) => !texts.has(text))];
  tell(
    'calls',
    callsText(
      [...calls, ...[...made, ...objects].map(() => ({ source: 'recorded' }) as const)],
      found.notLiteral,
    ),
  );
  const toVerify = { module, unit, statement, sliced, calls, made, objects, mayMakeUp };
  const tried: TriedProgram[] = [];
  const verifying = { ...mining, onTried: (its: TriedProgram) => tried.push(its) };
  const { verified: usual, failure } =
    owner === undefined
      ? await verifyFunction(toVerify, verifying, signal)
      : await verifyMethod(toVerify, verifying, signal);
  const split = strictest(
    sliced.pieces.flatMap(({ module: from, statement: its }) =>
      its.isDefinition ? [...its.binds].map((name) => mining.splits.of(from.file, name)) : [],
    ),
  );
  const toPropose = { unit: `${module.file}:${unit.symbol}`, split, tried, verified: usual };
  const { verified, asked } =
    mining.proposing === undefined
      ? { verified: usual, asked: undefined }
      : await addProposed(toPropose, mining.proposing, mining, signal);
  const events: MineEvent[] =
    asked === undefined ? [] : [{ type: 'asked', file: module.file, symbol: unit.symbol, ...asked }];
  const maxBytes = maxBytesOf(module.file, mining.maxFileBytes);
  const now = await readSource(join(mining.folder, module.file), maxBytes, signal);
  if (!now.ok || now.source.hash !== module.fileHash) return [...events, ...lose('changed')];
  const isAsked = verified.some(({ kept }) => kept.length > 0);
  const [effect] = sliced.effects.values();
  if (!isAsked && owner === undefined && split === 'train') {
    const lost = usual.flatMap((its) => (its.entry === unit.symbol ? its.lost : []));
    const open = await withoutSecrets(lost.map((each) => ({ ...each, text: each.found.text })));
    const calls = unansweredCalls(sliced, unit.symbol, open, unitRef(module, unit, mining));
    events.push(...calls.map((call) => ({ type: 'unanswered', call }) as const));
  }
  if (!isAsked && effect !== undefined) return [...events, ...lose(effect.loss, effect.detail)];
  if (verified.length === 0) return [...events, noCalls(module, unit, found.notLiteral, failure)];
  tell('split', split);
  const needs = [...new Set(sliced.pieces.map(({ module: from }) => from.file))]
    .filter((file) => file !== module.file)
    .sort();
  for (const its of verified) {
    for (const { found: call, loss, detail } of its.lost) {
      const what = `${call.text}${detail === '' ? '' : `: ${detail}`}`;
      events.push(lossOf(module.file, unit.symbol, loss, what));
    }
    events.push(...(await seedEvents(module, unit, { ...its, split, needs }, mining, signal)));
  }
  return events;
}

/** The line of a module's file on which a node begins, counted from 1. */
function firstLine(module: Module, node: SyntaxNode): number {
  return fileLine(module, lineAt(module.tree.text, node.start));
}

/** What could not be taken along, and what needs it. */
function failureText({ detail, at }: SliceFailure): string {
  if (at === undefined) return detail;
  const { module, statement } = at;
  return `${detail}, in ${module.file}:${firstLine(module, statement.node)}`;
}

/** What a program is made of. */
function programText({ pieces, effects, source }: Sliced): string {
  const names = pieces.map(({ module, statement }) => {
    const name = [...statement.binds].join(', ') || 'a statement';
    return `${name} (${module.file}:${firstLine(module, statement.node)})`;
  });
  const outside =
    effects.size === 0 ? '' : `; may use ${[...effects.values()].map(({ detail }) => detail).join(', ')}`;
  return `${source('none').length} characters of ${names.join(', ')}${outside}`;
}

function callsText(calls: readonly Pick<FoundCall, 'source'>[], notLiteral: number): string {
  const bySource = Map.groupBy(calls, ({ source }) => source);
  const counts = [...bySource].map(([source, its]) => `${its.length} of ${source}`);
  const others = notLiteral === 0 ? '' : `; ${notLiteral} more whose arguments are not all literals`;
  return `${counts.length === 0 ? 'none found' : counts.join(', ')}${others}`;
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

function pairText(call: VerifiedCall) {
  return { call, text: `${call.found.text}\n${call.output}` };
}

/** Where a unit stands. */
function unitRef(
  module: Module,
  unit: Unit,
  { folder, commit }: Pick<UnitMining, 'folder' | 'commit'>,
): UnitRef {
  return {
    folder,
    file: module.file,
    symbol: unit.symbol,
    line: firstLine(module, unit.node),
    endLine: fileLine(module, lineAt(module.tree.text, unit.node.end)),
    unitHash: createHash('sha256').update(textOf(module.tree, unit.node)).digest('hex'),
    fileHash: module.fileHash,
    commit,
  };
}

interface SeedsOfUnit extends VerifiedUnit {
  readonly split: Split;
  readonly needs: Seed['needs'];
}

/** The seeds of a program of a unit, unless another unit gave the same ones. */
async function seedEvents(
  module: Module,
  unit: Unit,
  { program, entry, kept, split: ofUnits, needs }: SeedsOfUnit,
  { folder, sandbox, commit, programs }: UnitMining,
  signal: AbortSignal,
): Promise<MineEvent[]> {
  const [first] = kept;
  if (first === undefined) return [];
  const { text } = module.tree;
  const name = `${module.file}:${unit.symbol}`;
  const shape = shapeHash(program, entry).slice(0, 16);
  // What is too large to be asked about needs no comparing, and runs slowly.
  const behaviour =
    program.length > taskSize.program
      ? null
      : await behaviourOf({ program, entry }, first.found.call.length, sandbox, signal);
  const same = programs.sameShape(shape, name);
  if (same !== undefined) return [lossOf(module.file, unit.symbol, 'duplicate', `as ${same.unit}`)];
  const split = strictest([ofUnits, programs.splitOf(behaviour)]);
  const isNew = ({ found: { text: call }, output }: VerifiedCall) =>
    !programs.isAsked(behaviour, [call, output]);
  const open = new Set((await withoutSecrets(kept.map(pairText))).map(({ call }) => call));
  const fresh = kept.filter((call) => open.has(call) && isNew(call));
  const events: MineEvent[] = kept.flatMap((call) => {
    if (!open.has(call)) return [lossOf(module.file, unit.symbol, 'secret', 'a call or what it returns')];
    return isNew(call) ? [] : [lossOf(module.file, unit.symbol, 'duplicate', call.found.text)];
  });
  const pairs = fresh.map(({ found, output }) => [found.text, output] as const);
  programs.add({ program, entry, shape, behaviour, split, unit: name, pairs });

  const lines = countProgram(program);
  const licence = licenceOf(text);
  for (const { found, output } of fresh) {
    const id = contentId(program, entry, found.text);
    if (!programs.isNew(id)) {
      events.push(lossOf(module.file, unit.symbol, 'duplicate', found.text));
      continue;
    }
    const provenance: Seed['provenance'] = {
      ...unitRef(module, unit, { folder, commit }),
      source: found.source,
      callFile: found.file,
      callLine: found.line,
      callModel: found.model ?? null,
      licence,
    };
    const trace = await sandbox.trace({ program, entry, call: found.call }, signal);
    const difficulty = difficultyOf(lines, trace);
    const { backend } = sandbox;
    const seed = {
      id,
      program,
      entry,
      call: found.text,
      output,
      provenance,
      needs,
      split,
      difficulty,
      shape,
    };
    events.push({ type: 'seed', seed: { ...seed, behaviour, backend } });
  }
  return events;
}
