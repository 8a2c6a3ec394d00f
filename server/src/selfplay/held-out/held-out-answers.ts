import type { AuditEvent, AuditLine } from '../../../../protocol/audit.ts';
import { isRight } from '../../../../protocol/judge.ts';
import type { HeldOutReport } from '../../../../protocol/report.ts';
import { share } from '../interval.ts';

/** One answer to a held-out task, as the audit log keeps it. */
export type HeldOutAnswer = Extract<AuditEvent, { what: 'held-out' }>['detail'];

/** What a run's sample of held-out tasks was answered with, one time through. */
export interface AskedSample {
  readonly evaluation: number;
  readonly right: number;
  readonly judged: number;
  /** Whether all of the sample was asked. */
  readonly isWhole: boolean;
  /** Groups of attempts that the run had recorded before the first answer, and before the last one. */
  readonly solvedBefore: number;
  readonly solved: number;
}

/** The answers to held-out tasks in these lines of the log. */
export function heldOutAnswers(lines: readonly AuditLine[]): HeldOutAnswer[] {
  return lines.flatMap(({ event }) => (event.what === 'held-out' ? event.detail : []));
}

/** The times that a run's sample was asked, oldest first. Each counts a task once, as it was last answered. */
export function askedSamples(answers: readonly HeldOutAnswer[]): AskedSample[] {
  const times = [...Map.groupBy(answers, ({ evaluation }) => evaluation)].sort(([a], [b]) => a - b);
  return times.map(([evaluation, its], index) => {
    const byTask = [...new Map(its.map((answer) => [answer.task, answer])).values()];
    const solved = its.map((answer) => answer.solved);
    return {
      evaluation,
      right: byTask.filter(({ verdict }) => isRight(verdict)).length,
      judged: byTask.length,
      // Where tasks fell out of the sample, the next time began without them.
      isWhole: index < times.length - 1 || byTask.length >= (its.at(-1)?.of ?? 0),
      solvedBefore: Math.min(...solved),
      solved: Math.max(...solved),
    };
  });
}

/** Each time that a run's sample was asked, as a report tells it. */
export function heldOutReport(lines: readonly AuditLine[]): HeldOutReport[] {
  return askedSamples(heldOutAnswers(lines)).map(({ evaluation, right, judged, isWhole }) => {
    const times = lines.flatMap(({ at, event }) =>
      event.what === 'held-out' && event.detail.evaluation === evaluation ? at : [],
    );
    return { from: times.at(0) ?? '', to: times.at(-1) ?? '', right: share(right, judged), isWhole };
  });
}
