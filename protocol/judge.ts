import { z } from 'zod';
import { Pair } from './task.ts';

/** What the answer caused. */
export const WrongReason = z.enum([
  'different',
  'malformed',
  'arity',
  'raised',
  'limit',
  'no-entry',
  'unencodable',
  'drifts',
  'cut',
  'leaks',
]);
export type WrongReason = z.infer<typeof WrongReason>;

/** What the record, not the answer, caused. */
export const UnjudgeableReason = z.enum([
  'bad-record',
  'program-fails',
  'gold-mismatch',
  'gold-unencodable',
  'drifts',
  'sandbox',
]);
export type UnjudgeableReason = z.infer<typeof UnjudgeableReason>;

const executionVerdicts = [
  z.object({ verdict: z.literal('right') }),
  z.object({ verdict: z.literal('wrong'), reason: WrongReason }),
  z.object({ verdict: z.literal('unjudgeable'), reason: UnjudgeableReason }),
] as const;

/** The judge's finding on an answer that execution alone decides. */
export const ExecutionVerdict = z.discriminatedUnion('verdict', executionVerdicts);
export type ExecutionVerdict = z.infer<typeof ExecutionVerdict>;

/** How many of some tries came out right. */
export const Tries = z.object({ right: z.number().int().nonnegative(), of: z.number().int().positive() });
export type Tries = z.infer<typeof Tries>;

/** What a message was worth: how often a solver rebuilt the program from it and the shown pairs, and from these pairs alone. */
export const Gained = z.object({ verdict: z.literal('gained'), with: Tries, without: Tries });
export type Gained = z.infer<typeof Gained>;

/** The judge's finding on one attempt. */
export const Verdict = z.discriminatedUnion('verdict', [...executionVerdicts, Gained]);
export type Verdict = z.infer<typeof Verdict>;

/** How much oftener the program was rebuilt with the message than without it, from −1 to 1. */
export function gain(gained: Pick<Gained, 'with' | 'without'>): number {
  return gained.with.right / gained.with.of - gained.without.right / gained.without.of;
}

/** Whether an attempt counts as a success: it was right, or its message helped. */
export function isRight(verdict: Verdict): boolean {
  return verdict.verdict === 'right' || (verdict.verdict === 'gained' && gain(verdict) > 0);
}
/** A verdict's name alone. */
export const VerdictName = z.enum(Verdict.options.map(({ shape }) => shape.verdict.value));
export type VerdictName = z.infer<typeof VerdictName>;

/** Which relation of equality a verdict rests on (docs/sandbox.md). */
export const Relation = z.enum(['identical', 'sameValue', 'pyEqual']);
export type Relation = z.infer<typeof Relation>;

const Id = z.union([z.string(), z.number()]).nullable();

/** One line into `autodidact judge`. Further fields are allowed and come back unchanged, unless they are named as one of the result. */
export const JudgeRecord = z.discriminatedUnion('kind', [
  z.looseObject({
    id: Id.optional(),
    kind: z.literal('deduction'),
    program: z.string(),
    entry: z.string(),
    /** Argument tuple, Python literal text. */
    call: z.string(),
    /** Checked against what execution returns, where given. */
    output: z.string().optional(),
    /** The solver's text, an output literal. */
    answer: z.string(),
  }),
  z.looseObject({
    id: Id.optional(),
    kind: z.literal('abduction'),
    program: z.string(),
    entry: z.string(),
    output: z.string(),
    /** Checked against `output`, where given. */
    call: z.string().optional(),
    /** The solver's text, an argument tuple. */
    answer: z.string(),
  }),
  z.looseObject({
    id: Id.optional(),
    kind: z.literal('induction'),
    /** Where given, each pair is checked on it first. */
    program: z.string().optional(),
    entry: z.string(),
    /** `[call, output]`, every one counts. */
    pairs: z.array(Pair).min(1),
    /** The solver's text, a program that defines `entry`. */
    answer: z.string(),
  }),
]);
export type JudgeRecord = z.infer<typeof JudgeRecord>;

/** One line out of `autodidact judge`; the fields that the input line came with stand beside these. */
export const JudgeResult = z.looseObject({
  id: Id,
  verdict: z.enum(['right', 'wrong', 'unjudgeable']),
  reason: z.union([WrongReason, UnjudgeableReason]).optional(),
  /** What execution returned: deduction, the program's output; abduction, the output for the answer. */
  value: z.string().optional(),
  relation: Relation,
  backend: z.string(),
  version: z.string(),
});
export type JudgeResult = z.infer<typeof JudgeResult>;
