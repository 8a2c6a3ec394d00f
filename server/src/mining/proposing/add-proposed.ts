import type { Split } from '../../../../protocol/seed.ts';
import type { Pair } from '../../../../protocol/task.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { taskSize } from '../../tasks/task-size.ts';
import { writeCall } from '../../values/literal-writer.ts';
import type { FoundCall } from '../calls/call-index.ts';
import { tryCalls } from '../generate/try-calls.ts';
import type { AskedCounts, Tell } from '../mine-event.ts';
import { firstLevel, type VerifiedUnit, verifyCalls } from '../verify-calls.ts';
import type { TriedProgram } from '../verify-subject.ts';
import { enoughCalls } from '../verify-unit.ts';
import type { CallSubject } from './call-proposer.ts';
import type { Answers, Proposals } from './proposals.ts';
import type { ProposedBefore } from './proposed-before.ts';

/** Calls that are asked for in place of one that is missing: not all of them return, or return something new. */
const perMissing = 2;

/** Where proposed calls come from: those of an earlier mining, and the model, where it may be asked. */
export interface Proposing {
  readonly before: ProposedBefore;
  readonly proposals: Proposals | undefined;
}

/** A unit that was verified with all other calls. */
export interface UnitToPropose {
  /** `file:symbol`. */
  readonly unit: string;
  readonly split: Split;
  readonly tried: readonly TriedProgram[];
  readonly verified: readonly VerifiedUnit[];
}

/** The verified programs with what proposed calls add, and what the model was asked, if it was. */
export interface WithProposed {
  readonly verified: readonly VerifiedUnit[];
  readonly asked: AskedCounts | undefined;
}

/**
 * Verifies proposed calls of a unit that has few others: those that were proposed before, else those that the model proposes now.
 * What is held out is not asked about: it measures models, by calls that none of them chose.
 */
export async function addProposed(
  { unit, split, tried, verified }: UnitToPropose,
  { before, proposals }: Proposing,
  { sandbox, tell }: { readonly sandbox: Sandbox; readonly tell: Tell },
  signal: AbortSignal,
): Promise<WithProposed> {
  const kept = verified.reduce((sum, its) => sum + its.kept.length, 0);
  const missing = enoughCalls - kept;
  const target = missing > 0 && split === 'train' ? mostPromising(tried) : undefined;
  const subject = target && subjectOf(target);
  if (target === undefined || subject === undefined) return { verified, asked: undefined };
  const { sliced, names, texts } = target;

  const known = before.of(unit, names[0]).filter(({ text }) => !texts.has(text));
  const answers =
    known.length > 0 ? undefined : await proposals?.of(subject, perMissing * missing, texts, signal);
  const proposed = answers === undefined ? known : foundCalls(answers);
  const calls = proposed.map(({ call }) => call);
  const inputs = { picked: calls, pools: [], rest: null };
  const toTry = { program: sliced.source('none'), entry: names[0], found: [], inputs };
  const ran = await tryCalls(toTry, { outputs: missing, tried: calls.length, rounds: 0 }, sandbox, signal);
  const byText = new Map<string, FoundCall>(proposed.map((each) => [each.text, each]));
  const chosen = ran.chosen.flatMap(({ text }) => byText.get(text) ?? []);
  const asked = answers && {
    answers: answers.answers,
    wellFormed: answers.wellFormed,
    fresh: calls.length,
    returned: ran.returned,
  };
  if (asked !== undefined || known.length > 0)
    tell('asked', toldOf(names[0], known.length, asked, chosen.length));
  if (chosen.length === 0) return { verified, asked };
  // All calls of a program share one text of it, that shows none of their answers.
  const all = await verifyCalls(sliced, names, [...target.calls, ...chosen], sandbox, signal);
  if (all.kept.length <= (target.verified?.kept.length ?? 0)) return { verified, asked };
  const others = verified.filter((its) => its !== target.verified);
  return { verified: [all, ...others], asked };
}

function foundCalls({ calls, model }: Answers): FoundCall[] {
  return calls.map((call) => ({
    call,
    text: writeCall(call),
    source: 'model',
    file: null,
    line: null,
    model,
  }));
}

/** The program with most kept calls; where none has any, the first one that fails by its arguments alone. */
function mostPromising(tried: readonly TriedProgram[]): TriedProgram | undefined {
  const count = ({ verified }: TriedProgram) => verified?.kept.length ?? 0;
  const [best] = [...tried].sort((a, b) => count(b) - count(a));
  return best !== undefined && count(best) > 0
    ? best
    : tried.find(({ givesNoLiteral, sliced }) => !givesNoLiteral && sliced.effects.size === 0);
}

/** What the model is shown; undefined where that is too much for a task, or for a small model. */
function subjectOf({ sliced, names, verified }: TriedProgram): CallSubject | undefined {
  const program = verified?.program ?? sliced.source(firstLevel(sliced));
  const values = (verified?.kept ?? []).filter(({ output }) => !output.startsWith('raise '));
  const pairs = values
    .filter(({ found, output }) => found.text.length <= taskSize.call && output.length <= taskSize.output)
    .map(({ found, output }): Pair => [found.text, output]);
  return program.length > taskSize.program ? undefined : { program, entry: names[0], pairs };
}

function toldOf(entry: string, known: number, asked: AskedCounts | undefined, chosen: number): string {
  const from =
    asked === undefined
      ? `${known} proposed before`
      : `${asked.answers} answers, ${asked.wellFormed} of them calls, ${asked.fresh} of them new, ${asked.returned} of these return`;
  return `${entry}: ${from}; ${chosen} taken`;
}
