import type { ExecutionVerdict, JudgeRecord, Relation, UnjudgeableReason } from '../../../protocol/judge.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { SandboxError } from '../sandbox/sandbox-error.ts';
import { writeOutput } from '../values/literal-writer.ts';
import type { Output } from '../values/value.ts';
import {
  type AnswerJudged,
  type GoldPair,
  judgeCallAnswer,
  judgeOutputAnswer,
  judgeProgramAnswer,
  rewardRelation,
} from './answer.ts';
import { executedOutput, type Given, givenCall, givenOutput } from './gold.ts';

/** A verdict with what it rests on. */
export interface Judged {
  readonly verdict: ExecutionVerdict;
  /** What execution returned, as Python literal text: deduction, the program's output; abduction, the answer's. */
  readonly value?: string;
  readonly relation: Relation;
}

type RecordOf<K extends JudgeRecord['kind']> = Extract<JudgeRecord, { kind: K }>;

/**
 * Judges an answer by the relation that rewards rest on, unless another is given. What the answer causes is `wrong`; what the record causes is `unjudgeable`, and found first. Answers are data:
 * only induction runs what a solver wrote, and never beside a gold value. Rejects only when aborted.
 */
export async function judge(
  record: JudgeRecord,
  sandbox: Sandbox,
  signal: AbortSignal,
  relation = rewardRelation,
): Promise<Judged> {
  const { verdict, executed } = await judgeByKind(record, sandbox, signal, relation).catch(
    (error: unknown) => {
      if (error instanceof SandboxError && !signal.aborted) return unjudgeable('sandbox');
      throw error;
    },
  );
  return {
    verdict,
    relation,
    ...(executed === undefined ? {} : { value: writeOutput(executed) }),
  };
}

function judgeByKind(
  record: JudgeRecord,
  sandbox: Sandbox,
  signal: AbortSignal,
  relation: Relation,
): Promise<AnswerJudged> {
  switch (record.kind) {
    case 'deduction':
      return judgeDeduction(record, sandbox, signal, relation);
    case 'abduction':
      return judgeAbduction(record, sandbox, signal, relation);
    case 'induction':
      return judgeInduction(record, sandbox, signal, relation);
  }
}

async function judgeDeduction(
  record: RecordOf<'deduction'>,
  sandbox: Sandbox,
  signal: AbortSignal,
  relation: Relation,
): Promise<AnswerJudged> {
  const call = givenCall(record.call);
  if (!call.ok) return unjudgeable(call.reason);
  const expected = record.output === undefined ? undefined : givenOutput(record.output);
  if (expected?.ok === false) return unjudgeable(expected.reason);
  const { program, entry } = record;
  const gold = await executedOutput(
    { program, entry, call: call.value },
    expected?.value,
    sandbox,
    signal,
    relation,
  );
  if (!gold.ok) return unjudgeable(gold.reason, gold.executed);
  return { verdict: judgeOutputAnswer(record.answer, gold.value, relation), executed: gold.value };
}

async function judgeAbduction(
  record: RecordOf<'abduction'>,
  sandbox: Sandbox,
  signal: AbortSignal,
  relation: Relation,
): Promise<AnswerJudged> {
  const output = givenOutput(record.output);
  if (!output.ok) return unjudgeable(output.reason);
  if (record.call !== undefined) {
    const known = await checkPair(record, [record.call, record.output], sandbox, signal, relation);
    if (!known.ok) return unjudgeable(known.reason);
  }
  return judgeCallAnswer(record.answer, record, output.value, sandbox, signal, relation);
}

async function judgeInduction(
  { program, entry, pairs, answer }: RecordOf<'induction'>,
  sandbox: Sandbox,
  signal: AbortSignal,
  relation: Relation,
): Promise<AnswerJudged> {
  const golds: GoldPair[] = [];
  for (const pair of pairs) {
    const gold =
      program === undefined
        ? readPair(pair)
        : await checkPair({ program, entry }, pair, sandbox, signal, relation);
    if (!gold.ok) return unjudgeable(gold.reason);
    golds.push(gold.value);
  }
  return { verdict: await judgeProgramAnswer(answer, entry, golds, sandbox, signal, relation) };
}

function readPair([callText, outputText]: readonly [string, string]): Given<GoldPair> {
  const call = givenCall(callText);
  if (!call.ok) return call;
  const output = givenOutput(outputText);
  return output.ok ? { ok: true, value: { call: call.value, output: output.value } } : output;
}

/** A pair of the record, once the record's program was seen to give it. */
async function checkPair(
  { program, entry }: { readonly program: string; readonly entry: string },
  pair: readonly [string, string],
  sandbox: Sandbox,
  signal: AbortSignal,
  relation: Relation,
): Promise<Given<GoldPair>> {
  const read = readPair(pair);
  if (!read.ok) return read;
  const { call, output } = read.value;
  const executed = await executedOutput({ program, entry, call }, output, sandbox, signal, relation);
  return executed.ok ? read : executed;
}

function unjudgeable(reason: UnjudgeableReason, executed?: Output): AnswerJudged {
  const verdict = { verdict: 'unjudgeable', reason } as const;
  return executed === undefined ? { verdict } : { verdict, executed };
}
