import type { InductionTask } from '../../../protocol/task.ts';
import { drawPairs } from '../tasks/induction/pairs.ts';
import { messageLength } from '../tasks/induction/rules.ts';
import type { Candidate } from '../tasks/kind-spec.ts';
import { leaks } from '../tasks/message-leaks.ts';
import { contentId } from '../tasks/record-id.ts';
import { callsKey } from './archive.ts';
import {
  invalid,
  notNew,
  notWorth,
  type ProposalOrigin,
  type Validated,
  type ValidateParts,
} from './validate.ts';

type MessageCandidate = Extract<Candidate, { type: 'message' }>;

/**
 * Checks a proposed message: a sentence, without the program's code or a pair's text in it, for a program with pairs that are
 * worth solving and that no message described yet. Which pairs are shown and which are hidden is drawn by us, made-up ones among them.
 */
export async function validateMessage(
  candidate: MessageCandidate,
  origin: ProposalOrigin,
  { archive, sandbox, isKnown, now }: ValidateParts,
  signal: AbortSignal,
): Promise<Validated> {
  const { program, entry, message } = candidate;
  const { reference } = origin;
  if (message.length < messageLength.min) return invalid('malformed');
  if (message.length > messageLength.max) return invalid('too-large');
  if (archive.reviewed.isRejected('induction', () => reference.shape)) return notNew('rejected-pattern');
  const drawn = await drawPairs(reference, sandbox, signal);
  if (typeof drawn === 'string') return notWorth(drawn);
  const shown = [...drawn.shown];
  const hidden = [...drawn.hidden];
  if (leaks(message, candidate, [...reference.pairs, ...shown, ...hidden])) return invalid('leaks');
  if (reference.describedCalls.has(callsKey([...shown, ...hidden]))) {
    return notNew('same-message');
  }
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
  if (await isKnown(task.id)) return notNew('same-task');
  return { verdict: { verdict: 'valid' }, task };
}
