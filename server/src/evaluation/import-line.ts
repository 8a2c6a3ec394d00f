import { z } from 'zod';
import type { Relation } from '../../../protocol/judge.ts';
import { Kind } from '../../../protocol/kind.ts';
import { Pair } from '../../../protocol/task.ts';
import { callText } from '../tasks/session.ts';
import { maxTextLength, type Read, readCall, readOutput } from '../values/literal-reader.ts';
import { writeCall, writeOutput } from '../values/literal-writer.ts';

/** What a line asks, its literals as we write them. Nothing of it was run yet. */
export type LineQuestion =
  | { readonly kind: 'deduction'; readonly call: string; readonly output: string | undefined }
  | { readonly kind: 'abduction'; readonly call: string; readonly output: string }
  | {
      readonly kind: 'induction';
      readonly message: string;
      readonly shown: readonly Pair[];
      readonly hidden: readonly Pair[];
    };

/** A line that holds tasks: one question about a program, or two. */
export interface ImportedLine {
  readonly id: string | undefined;
  readonly program: string;
  readonly entry: string;
  readonly questions: readonly LineQuestion[];
  readonly relation: Relation;
  readonly repository: string | undefined;
}

/** Longest line that is parsed, UTF-16 units. */
const maxLine = 1_048_576;

const Program = z.string().min(1).max(65_536);
const Literal = z.string().max(maxTextLength);
const Entry = z
  .string()
  .max(200)
  .regex(/^[\p{L}_][\p{L}\p{N}_]*$/u, 'is no name of a function');
const Pairs = z.array(Pair).min(1).max(64);
/** A number above 2⁵³ comes changed; an id is only shown. */
const Common = z.object({
  id: z.union([z.string().max(200), z.number()]).nullish(),
  repository: z.string().min(1).max(200).optional(),
  relation: z.enum(['sameValue', 'pyEqual']).optional(),
});

/** CRUXEval's fields (Gu et al. 2024, arXiv 2401.03065): `code` defines `f`, `input` is what stands between a call's parentheses. */
const CruxevalLine = Common.extend({ code: Program, input: Literal, output: Literal });

const InductionLine = Common.extend({
  kind: z.literal('induction'),
  program: Program,
  entry: Entry,
  message: z.string().min(1).max(4_000),
  shown: Pairs,
  /** The hidden ones, as `tasks --ndjson` writes them. */
  pairs: Pairs,
});

/** A record of `judge`, a seed or a task. Without a kind, both are asked: what the call returns, and which call returns it. */
const PairLine = Common.extend({
  kind: Kind.exclude(['induction', 'explain']).optional(),
  program: Program,
  entry: Entry,
  call: Literal,
  output: Literal.optional(),
});

class Fault extends Error {}

/** Reads a line of a file of tasks: what it asks, or what is wrong with it, for a person. Never throws for what a line holds. */
export function importLine(
  text: string,
): { readonly ok: true; readonly line: ImportedLine } | { readonly ok: false; readonly detail: string } {
  try {
    return { ok: true, line: read(parse(text)) };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, detail: error.message };
    throw error;
  }
}

function parse(text: string): object {
  if (text.length > maxLine) throw new Fault(`it is longer than ${maxLine} characters`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    // A text that is nested too deep for the parser is as little of use as one that is no JSON.
    if (error instanceof SyntaxError || error instanceof RangeError) throw new Fault('it is no JSON');
    throw error;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Fault('it is no JSON object');
  return parsed;
}

function read(record: object): ImportedLine {
  if ('code' in record) {
    const { code, input, output, ...about } = checked(CruxevalLine, record);
    const call = canonicalCall(callText(input), 'input');
    return {
      ...common({ relation: 'pyEqual', ...about }),
      program: code,
      entry: 'f',
      questions: bothKinds(call, canonicalOutput(output, 'output')),
    };
  }
  if ('kind' in record && record.kind === 'induction') {
    const { program, entry, message, shown, pairs, ...about } = checked(InductionLine, record);
    const question = {
      kind: 'induction',
      message,
      shown: shown.map((pair, index) => canonicalPair(pair, `shown.${index}`)),
      hidden: pairs.map((pair, index) => canonicalPair(pair, `pairs.${index}`)),
    } as const;
    return { ...common(about), program, entry, questions: [question] };
  }
  const {
    program,
    entry,
    kind,
    call: callSource,
    output: outputSource,
    ...about
  } = checked(PairLine, record);
  const call = canonicalCall(callSource, 'call');
  const output = outputSource === undefined ? undefined : canonicalOutput(outputSource, 'output');
  return { ...common(about), program, entry, questions: questionsOf(kind, call, output) };
}

function questionsOf(
  kind: 'deduction' | 'abduction' | undefined,
  call: string,
  output: string | undefined,
): readonly LineQuestion[] {
  if (kind === 'deduction') return [{ kind, call, output }];
  if (output === undefined) throw new Fault('output: it is missing');
  return kind === 'abduction' ? [{ kind, call, output }] : bothKinds(call, output);
}

/** An exception as the output to be reached asks for a crash, not for reasoning about values. */
function bothKinds(call: string, output: string): readonly LineQuestion[] {
  const deduction = { kind: 'deduction', call, output } as const;
  return output.startsWith('raise ') ? [deduction] : [deduction, { kind: 'abduction', call, output }];
}

function common({ id, relation = 'sameValue', repository }: z.infer<typeof Common>) {
  return { id: id === null || id === undefined ? undefined : String(id), relation, repository };
}

function checked<T>(schema: z.ZodType<T>, record: object): T {
  const parsed = schema.safeParse(record);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Fault(issue === undefined ? 'it is no task' : `${issue.path.join('.')}: ${issue.message}`);
}

function canonicalPair([call, output]: Pair, field: string): Pair {
  return [canonicalCall(call, `${field}.0`), canonicalOutput(output, `${field}.1`)];
}

function canonicalCall(text: string, field: string): string {
  return writeCall(literal(readCall(text), `${field}: no arguments in Python literals`));
}

function canonicalOutput(text: string, field: string): string {
  return writeOutput(literal(readOutput(text), `${field}: no Python literal`));
}

function literal<T>(found: Read<T>, what: string): T {
  if (found.ok) return found.value;
  throw new Fault(`${what} (${found.reason}, character ${found.position + 1})`);
}
