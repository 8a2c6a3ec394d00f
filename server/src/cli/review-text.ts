import type { ProposalVerdict } from '../../../protocol/group.ts';
import type { Verdict } from '../../../protocol/judge.ts';
import { RejectReason } from '../../../protocol/review.ts';
import type { Task } from '../../../protocol/task.ts';
import type { QueueEntry, QueueReason } from '../review/queue.ts';
import { knownRate } from '../selfplay/known-rate.ts';
import { solveRateText } from '../selfplay/share-text.ts';
import { argumentText } from '../tasks/session.ts';
import { counted } from './counted.ts';
import { block, field, restOfLine } from './text-layout.ts';

/** The key of each reason to reject, in the order in which they are listed. */
export const rejectKeys: readonly { readonly key: string; readonly reason: RejectReason }[] =
  RejectReason.options.map((reason, index) => ({ key: `${index + 1}`, reason }));

/** A task as it is put before a person: why, and the question. The answer is not in it. */
export function entryText({ task, why }: QueueEntry, place: string): string {
  const { unit } = task;
  return [
    `── ${place}`,
    field(task.kind, `${task.id} · ${unit.file}:${unit.line} ${unit.symbol}`),
    field('why', whyText(why)),
    questionText(task),
  ].join('\n');
}

/** Why a task is in the queue. Which answer the attempts agree on is not told: it may be nearly the gold. */
export function whyText(why: QueueReason): string {
  switch (why.reason) {
    case 'disputed':
      return `disputed: ${counted(why.count, 'attempt')} of ${why.rate.of} agree on another answer, ${why.rate.count} on ours`;
    case 'uncertain':
      return `uncertain: solved ${solveRateText(why.rate, knownRate(why.rate))}`;
    case 'new':
      return why.alike === 1 ? 'new: the only task of its sort' : `new: one of ${why.alike} of its sort`;
  }
}

function questionText(task: Task): string {
  switch (task.kind) {
    case 'deduction':
      return [block(task.program), field('question', 'What does this call return?'), block(call(task))].join(
        '\n',
      );
    case 'abduction':
      return [
        block(task.program),
        field('question', `Which arguments make ${task.entry}(…) return this value?`),
        block(task.output),
      ].join('\n');
    case 'induction':
      return [
        field('question', `Write ${task.entry}: ${task.message}`),
        block(task.shown.map((pair) => pairText(task.entry, pair)).join('\n')),
      ].join('\n');
    case 'explain':
      return [
        block(task.program),
        block(task.shown.map((pair) => pairText(task.entry, pair)).join('\n')),
        field('question', `What does ${task.entry} do?`),
      ].join('\n');
  }
}

/** The gold of a task. */
export function answerText(task: Task): string {
  switch (task.kind) {
    case 'deduction':
      return block(task.output);
    case 'abduction':
      return block(`for example ${call(task)}`);
    case 'induction':
      return [
        block(task.program),
        block(task.hidden.map((pair) => pairText(task.entry, pair)).join('\n')),
      ].join('\n');
    case 'explain':
      return block('what helps another solver to rebuild it');
  }
}

/** A line of the list of what is in the queue. */
export function listLines({ task, why }: QueueEntry): string {
  const start = `${task.id.slice(0, 12).padEnd(13)}${task.kind.padEnd(10)} `;
  return [
    `${start}${restOfLine(`${task.unit.file} ${task.unit.symbol}`, start.length)}`,
    field('', whyText(why)),
  ].join('\n');
}

/** Why a call that a person gave makes no task. */
export function refusalText(verdict: Exclude<ProposalVerdict, { verdict: 'valid' }>): string {
  const trivial = verdict.verdict === 'trivial' ? 'a trivial solver gets it: ' : '';
  return `No task: ${trivial}${verdict.reason}. Nothing was recorded.`;
}

/** A verdict with its reason. */
export function verdictText(verdict: Verdict | ProposalVerdict): string {
  return 'reason' in verdict ? `${verdict.verdict} (${verdict.reason})` : verdict.verdict;
}

function call(task: Extract<Task, { call: string }>): string {
  return `${task.entry}(${argumentText(task.call)})`;
}

function pairText(entry: string, [args, output]: readonly [string, string]): string {
  return `${entry}(${argumentText(args)})  →  ${output}`;
}
