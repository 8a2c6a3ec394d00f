import type { Relation, UnjudgeableReason } from '../../../protocol/judge.ts';
import type { Sandbox, Verified } from '../sandbox/sandbox.ts';
import { type Read, readCall, readOutput } from '../values/literal-reader.ts';
import { holdsNaN, relatedOutputs } from '../values/relations.ts';
import type { Call, Output } from '../values/value.ts';
import { type JudgedExecution, verifyOnce } from './verify-cache.ts';

/** Something that the record must give, or why the record cannot be judged. */
export type Given<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: UnjudgeableReason };

/** The record's call. */
export function givenCall(text: string): Given<Call> {
  return given(readCall(text));
}

/** The record's output. */
export function givenOutput(text: string): Given<Output> {
  return given(readOutput(text));
}

function given<T>(read: Read<T>): Given<T> {
  if (read.ok) return read;
  return { ok: false, reason: read.reason === 'nan' ? 'gold-unencodable' : 'bad-record' };
}

/**
 * Executes the record's own program. `value` is what it returned; an exception is an output only where the record says so, which
 * is `expected`'s doing: without it, or against it, the program fails. `relation` says whether it is what was expected.
 */
export async function executedOutput(
  execution: JudgedExecution,
  expected: Output | undefined,
  sandbox: Sandbox,
  signal: AbortSignal,
  relation: Relation,
): Promise<Given<Output> & { readonly executed?: Output }> {
  const verified = await verifyOnce(execution, sandbox, signal);
  const executed = outputOf(verified);
  if (executed === undefined) return { ok: false, reason: goldFailure(verified) };
  const unjudgeable = (reason: UnjudgeableReason) => ({ ok: false, reason, executed }) as const;
  if (executed.type === 'raise') {
    const foreseen = expected?.type === 'raise' && (await loads(execution.program, sandbox, signal));
    if (!foreseen) return unjudgeable('program-fails');
  }
  if (expected !== undefined && !relatedOutputs(executed, expected, relation))
    return unjudgeable('gold-mismatch');
  return { ok: true, value: executed, executed };
}

/** The output that an execution gave, if it is one that can be compared. */
export function outputOf(verified: Verified): Output | undefined {
  if (verified.outcome === 'exception') return { type: 'raise', exception: verified.type };
  if (verified.outcome !== 'ok' || holdsNaN(verified.value)) return undefined;
  return { type: 'value', value: verified.value };
}

/**
 * Whether a program's top level runs through: tells an exception of the program from one of the call. Asked by calling a function
 * of ours that stands behind the program.
 */
export async function loads(program: string, sandbox: Sandbox, signal: AbortSignal): Promise<boolean> {
  const entry = '_autodidact_loaded';
  const execution = { program: `${program}\ndef ${entry}():\n    return None\n`, entry, call: [] };
  const { outcome } = await verifyOnce(execution, sandbox, signal);
  return outcome === 'ok';
}

/** Why the record has no gold value, where executing its program gave no output. */
export function goldFailure(verified: Verified): UnjudgeableReason {
  switch (verified.outcome) {
    case 'ok':
    case 'unencodable':
      return 'gold-unencodable';
    case 'drifts':
      return 'drifts';
    case 'refused':
      return verified.reason === 'bad-record' ? 'bad-record' : 'program-fails';
    default:
      return 'program-fails';
  }
}
