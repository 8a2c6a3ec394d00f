import type { InductionTask, Pair } from '../../../protocol/task.ts';
import { trivialSolver } from '../judge/trivial-solver.ts';
import { maxHiddenPairs, messageLength, minPairs, shownPairs } from '../tasks/induction/rules.ts';
import type { Candidate } from '../tasks/kind-spec.ts';
import { contentId } from '../tasks/record-id.ts';
import { argumentText } from '../tasks/session.ts';
import { callsKey } from './archive.ts';
import type { Choices } from './choices.ts';
import { invalid, notNew, type ProposalOrigin, type Validated, type ValidateParts } from './validate.ts';

type MessageCandidate = Extract<Candidate, { type: 'message' }>;

/**
 * Checks a proposed message: a sentence, without the program's code or a pair's text in it, for a program with enough
 * pairs that no message described yet. Which pairs are shown and which are hidden is drawn by us.
 */
export async function validateMessage(
  candidate: MessageCandidate,
  origin: ProposalOrigin,
  { archive, trivial, sandbox, now }: ValidateParts,
  choices: Choices,
  signal: AbortSignal,
): Promise<Validated> {
  const { program, entry, message } = candidate;
  const { reference } = origin;
  if (message.length < messageLength.min) return invalid('malformed');
  if (message.length > messageLength.max) return invalid('too-large');
  if (archive.isRejected('induction', candidate)) return notNew('rejected-pattern');
  if (reference.pairs.length < minPairs) return invalid('too-few-calls');
  if (leaks(message, candidate, reference.pairs)) return invalid('leaks');

  const drawn = choices.some(reference.pairs, shownPairs + maxHiddenPairs);
  if (reference.describedCalls.has(callsKey(drawn))) {
    return notNew('same-message');
  }
  const shown = drawn.slice(0, shownPairs);
  const hidden = drawn.slice(shownPairs);
  const task: InductionTask = {
    kind: 'induction',
    id: contentId('induction', program, entry, message, shown, hidden),
    program,
    entry,
    unit: origin.unit,
    origin: 'proposed',
    proposedBy: origin.groupId,
    state: 'open',
    split: 'train',
    trivial: null,
    backend: sandbox.backend,
    createdAt: now(),
    message,
    shown,
    hidden,
  };
  const solver = await trivialSolver(task, trivial, sandbox, signal);
  if (solver !== null) return { verdict: { verdict: 'trivial', reason: solver } };
  return { verdict: { verdict: 'valid' }, task };
}

/** Whether a message gives away code or values instead of describing them. */
function leaks(message: string, { program, entry }: MessageCandidate, pairs: readonly Pair[]): boolean {
  const codeLines = program.split('\n').map((line) => line.trim());
  if (codeLines.some((line) => line.length >= 10 && message.includes(line))) return true;
  if (/\b(def|lambda|return|import)\b.*[(:=]/.test(message) || message.includes(`${entry}(`)) return true;
  return pairs.some(
    ([call, output]) =>
      (output.length > 3 && message.includes(output)) ||
      (call.length > 5 && message.includes(argumentText(call))),
  );
}
