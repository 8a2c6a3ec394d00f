import type { ExecutionVerdict, Relation, WrongReason } from '../../../protocol/judge.ts';
import type { Sandbox, Verified } from '../sandbox/sandbox.ts';
import { readCall, readOutput } from '../values/literal-reader.ts';
import { relatedOutputs } from '../values/relations.ts';
import type { Call, Output } from '../values/value.ts';
import { stripped } from '../values/white-space.ts';
import { goldFailure, loads, outputOf } from './gold.ts';
import { verifyOnce } from './verify-cache.ts';

/** A verdict, and what execution of the answer returned where it did. */
export interface AnswerJudged {
  readonly verdict: ExecutionVerdict;
  readonly executed?: Output;
}

/** A call with the output that a program must give for it. */
export interface GoldPair {
  readonly call: Call;
  readonly output: Output;
}

/** Outcomes that a program may have before its entry is even called. */
const stoppedEarly: ReadonlySet<Verified['outcome']> = new Set(['exception', 'limit', 'violation', 'crash']);

const right: ExecutionVerdict = { verdict: 'right' };

export function wrong(reason: WrongReason): ExecutionVerdict {
  return { verdict: 'wrong', reason };
}

/** The relation that every reward rests on. */
export const rewardRelation: Relation = 'sameValue';

/** Judges an output that a solver predicted. Nothing is executed. */
export function judgeOutputAnswer(answer: string, gold: Output, relation: Relation): ExecutionVerdict {
  const read = readOutput(answer);
  if (!read.ok) return wrong('malformed');
  return relatedOutputs(read.value, gold, relation) ? right : wrong('different');
}

/** Judges a call by what the record's program gives for it; the call travels as a value. */
export async function judgeCallAnswer(
  answer: string,
  { program, entry }: { readonly program: string; readonly entry: string },
  gold: Output,
  sandbox: Sandbox,
  signal: AbortSignal,
  relation: Relation,
): Promise<AnswerJudged> {
  const read = readCall(answer);
  if (!read.ok) return { verdict: wrong('malformed') };
  const verified = await verifyOnce({ program, entry, call: read.value }, sandbox, signal);
  // A program that cannot be run, whatever the call, is the record's fault.
  if (verified.outcome === 'refused' && verified.reason !== 'arguments') {
    return { verdict: { verdict: 'unjudgeable', reason: goldFailure(verified) } };
  }
  if (stoppedEarly.has(verified.outcome) && !(await loads(program, sandbox, signal))) {
    return { verdict: { verdict: 'unjudgeable', reason: 'program-fails' } };
  }
  return judgeVerified(verified, gold, relation);
}

/**
 * Judges a program that a solver wrote: each pair on its own, in a fresh process that holds the call and no output. Stops at the
 * first pair that it does not give.
 */
export async function judgeProgramAnswer(
  answer: string,
  entry: string,
  pairs: readonly GoldPair[],
  sandbox: Sandbox,
  signal: AbortSignal,
  relation: Relation,
): Promise<ExecutionVerdict> {
  const program = stripped(answer);
  if (program === '') return wrong('malformed');
  for (const { call, output } of pairs) {
    const verified = await verifyOnce({ program, entry, call }, sandbox, signal);
    const { verdict } = judgeVerified(verified, output, relation);
    if (verdict.verdict !== 'right') return verdict;
    // A program that fails to load raises for every call, and is no answer to any.
    if (output.type === 'raise' && !(await loads(program, sandbox, signal))) return wrong('raised');
  }
  return right;
}

function judgeVerified(verified: Verified, gold: Output, relation: Relation): AnswerJudged {
  const executed = outputOf(verified);
  if (executed === undefined) return { verdict: wrong(answerFailure(verified)) };
  if (relatedOutputs(executed, gold, relation)) return { verdict: right, executed };
  return { verdict: wrong(executed.type === 'raise' ? 'raised' : 'different'), executed };
}

function answerFailure(verified: Verified): WrongReason {
  switch (verified.outcome) {
    case 'ok':
    case 'unencodable':
      return 'unencodable';
    case 'limit':
      return 'limit';
    case 'drifts':
      return 'drifts';
    case 'refused':
      return refusals[verified.reason];
    default:
      return 'raised';
  }
}

const refusals = {
  arguments: 'arity',
  'no-entry': 'no-entry',
  syntax: 'malformed',
  'bad-record': 'malformed',
} as const;
