import type { Sandbox } from '../sandbox/sandbox.ts';
import { readCall } from '../values/literal-reader.ts';
import { writeValue } from '../values/literal-writer.ts';
import type { Call } from '../values/value.ts';
import type { ArchivedProgram } from './archive.ts';

/** Archived calls that a proposal is compared with at most: each is an execution. */
export const maxProbes = 8;

/** Whether an archived call of the same program takes the same branches to the same output. */
export async function sameBranches(
  archived: ArchivedProgram,
  proposed: { readonly output: string; readonly executedLines: readonly number[] },
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<boolean> {
  const sameOutput = archived.pairs.filter(([, output]) => output === proposed.output).slice(0, maxProbes);
  for (const [text] of sameOutput) {
    const { program, entry } = archived;
    const { lines } = await sandbox.trace({ program, entry, call: archivedCall(text) }, signal);
    if (lines.join() === proposed.executedLines.join()) return true;
  }
  return false;
}

/** Whether a proposed program gives the reference's own outputs on all of the reference's known calls. */
export async function sameBehaviour(
  proposed: { readonly program: string; readonly entry: string },
  reference: ArchivedProgram,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<boolean> {
  const { program, entry } = proposed;
  for (const [text, output] of reference.pairs.slice(0, maxProbes)) {
    const ran = await sandbox.run({ program, entry, call: archivedCall(text) }, signal);
    if (ran.outcome !== 'ok' || writeValue(ran.value) !== output) return false;
  }
  return true;
}

/** Archived calls were written by us: what cannot be read is a broken archive. */
export function archivedCall(text: string): Call {
  const read = readCall(text);
  if (!read.ok) throw new TypeError(`An archived call is no literal: ${text}`);
  return read.value;
}
