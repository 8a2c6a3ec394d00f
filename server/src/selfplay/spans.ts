import type { AuditLine } from '../../../protocol/audit.ts';
import type { Group } from '../../../protocol/group.ts';
import { isRight, Verdict } from '../../../protocol/judge.ts';
import { cells, Kind } from '../../../protocol/kind.ts';
import type { Span } from '../../../protocol/report.ts';
import type { Run } from '../../../protocol/run.ts';
import { share } from './interval.ts';
import { PlayedTime } from './played-time.ts';
import { outcomesOf } from './sample-outcome.ts';

/** Spans that a run is cut into at most, and the shortest one, milliseconds. */
const cut = { most: 6, shortestMs: 60_000 } as const;

/** What a run did over time, from its records alone: equal spans of the time that it was played. A record belongs to the span in which it was written. */
export function spans(run: Run, groups: readonly Group[], log: readonly AuditLine[]): Span[] {
  const played = new PlayedTime(run, groups, log);
  const count = Math.min(cut.most, Math.max(1, Math.floor(played.totalMs / cut.shortestMs)));
  const lengthMs = played.totalMs / count;
  const spanOf = (moment: string) =>
    lengthMs === 0 ? 0 : Math.min(count - 1, Math.floor(played.before(moment) / lengthMs));
  const groupsIn = Map.groupBy(groups, ({ createdAt }) => spanOf(createdAt));
  const linesIn = Map.groupBy(log, ({ at }) => spanOf(at));
  return Array.from({ length: count }, (_, index) => {
    const [fromMs, toMs] = [index * lengthMs, (index + 1) * lengthMs];
    const its = groupsIn.get(index) ?? [];
    return {
      from: played.moment(fromMs),
      to: played.moment(toMs),
      fromMs,
      toMs,
      cells: cells.map((cell) => ({ ...cell, ...outcomesOf(cell, its).counted })),
      ...told(linesIn.get(index) ?? []),
    };
  });
}

/** What the audit log tells besides groups. */
function told(lines: readonly AuditLine[]): Pick<Span, 'heldOut' | 'canaries' | 'findings'> {
  const heldOut = { right: 0, asked: 0 };
  const canaries = { played: 0, solved: 0 };
  const findings: Span['findings'] = [];
  for (const { at, event } of lines) {
    if (event.what === 'held-out') {
      heldOut.asked += 1;
      heldOut.right += Number(isRight(event.detail.verdict));
    } else if (event.what === 'canary') {
      canaries.played += 1;
      canaries.solved += Number(event.detail.samples.some(isSolved));
    } else if (event.what === 'monitor') {
      const { monitor, action, kind, detail } = event.detail;
      const about = Kind.safeParse(kind);
      const text = typeof detail === 'string' ? detail : '';
      findings.push({ at, monitor, action, kind: about.success ? about.data : null, detail: text });
    }
  }
  return { heldOut: share(heldOut.right, heldOut.asked), canaries, findings };
}

function isSolved(sample: Readonly<Record<string, unknown>>): boolean {
  const verdict = Verdict.safeParse(sample['verdict']);
  return verdict.success && isRight(verdict.data);
}
