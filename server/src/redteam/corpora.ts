import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { JudgeRecord } from '../../../protocol/judge.ts';
import { asset } from '../entry-point.ts';
import { judge } from '../judge/judge.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Call } from '../values/value.ts';
import { canary, canarySays } from './canary.ts';
import { filesBelow, type Program, readPrograms } from './read-programs.ts';
import { told } from './told.ts';

/** What became of one entry of a corpus. */
export interface Finding {
  readonly held: boolean;
  /** How it ended, for a person. */
  readonly told: string;
}

/** An answer that is worth nothing, with the verdict that it must get. */
export interface Cheat {
  readonly name: string;
  readonly record: JudgeRecord;
  readonly expected: string;
}

/** A function of a program that gives the same for a call wherever it runs. */
export interface Steady {
  readonly name: string;
  readonly source: string;
  readonly entry: string;
  readonly calls: readonly Call[];
}

const folder = asset('redteam');

/** Programs that try to get out, to leave something behind, to use up the machine, to lie or to look for the answer. */
export function readAttacks(): Program[] {
  return readPrograms(path.join(folder, 'attacks'));
}

/** Programs whose result depends on more than their call. */
export function readDrifting(): Program[] {
  return readPrograms(path.join(folder, 'nondeterminism'));
}

/** Functions that look as if they depended on more than their call, and do not. */
export function readSteady(): Steady[] {
  return readPrograms(path.join(folder, 'deterministic')).flatMap(({ name, source, functions, calls }) =>
    functions.map((entry) => ({ name: `${name}: ${entry}`, source, entry, calls })),
  );
}

const CheatFile = z.object({ expect: z.string() });

/** Answers that are worth nothing. */
export function readCheats(): Cheat[] {
  const place = path.join(folder, 'cheats');
  return filesBelow(place, '.json').map((file) => {
    const json: unknown = JSON.parse(readFileSync(path.join(place, file), 'utf8'));
    return {
      name: file.slice(0, -'.json'.length),
      record: JudgeRecord.parse(json),
      expected: CheatFile.parse(json).expect,
    };
  });
}

/** Runs an attack, and after it the canary. */
export async function tryAttack(
  { source, calls, expected }: Program,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<Finding> {
  // Shorter than the defaults: many attacks end only there.
  const limits = { cpuMs: 800, wallMs: 1_500 };
  const ended = told(await sandbox.run({ program: source, entry: 'f', call: calls[0], limits }, signal));
  const after = told(await sandbox.run(canary, signal));
  if (after !== canarySays) return { held: false, told: `${ended}, and left something: ${after}` };
  return { held: expected[sandbox.backend.name].test(ended), told: ended };
}

/** Verifies a program that drifts. */
export async function tryDrifting(
  { source, calls, expected }: Program,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<Finding> {
  const ended = told(await sandbox.verify({ program: source, entry: 'f', call: calls[0] }, signal));
  return { held: expected[sandbox.backend.name].test(ended), told: ended };
}

/** Verifies a call that gives the same everywhere: a value or an exception. */
export async function trySteady(
  { source, entry }: Steady,
  call: Call,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<Finding> {
  const verified = await sandbox.verify({ program: source, entry, call }, signal);
  return { held: verified.outcome === 'ok' || verified.outcome === 'exception', told: told(verified) };
}

/** Judges a cheat. */
export async function tryCheat(
  { record, expected }: Cheat,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<Finding> {
  const { verdict } = await judge(record, sandbox, signal);
  const ended = 'reason' in verdict ? `${verdict.verdict}/${verdict.reason}` : verdict.verdict;
  return { held: ended === expected, told: ended };
}
