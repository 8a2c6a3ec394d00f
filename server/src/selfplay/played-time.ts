import type { AuditLine } from '../../../protocol/audit.ts';
import type { Group } from '../../../protocol/group.ts';
import type { Run } from '../../../protocol/run.ts';

/** A time in which a run was played without a break, milliseconds since 1970. */
interface Session {
  readonly from: number;
  readonly to: number;
}

/** The time that a run was played, told from its records: what lies between a stop and its resumption is no part of it. */
export class PlayedTime {
  readonly #sessions: readonly Session[];
  /** Milliseconds. Quiet hours in the middle of a session count. */
  readonly totalMs: number;

  constructor(run: Run, groups: readonly Group[], log: readonly AuditLine[]) {
    this.#sessions = sessionsOf(run, groups, log);
    this.totalMs = this.#sessions.reduce((sum, { from, to }) => sum + to - from, 0);
  }

  /** How much was played before a moment (ISO 8601), milliseconds. */
  before(moment: string): number {
    const at = Date.parse(moment);
    return this.#sessions.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(at, to) - from), 0);
  }

  /** The moment before which so much was played, ISO 8601. */
  moment(playedMs: number): string {
    let left = playedMs;
    let last = 0;
    for (const { from, to } of this.#sessions) {
      last = to;
      if (left <= to - from) return new Date(from + left).toISOString();
      left -= to - from;
    }
    return new Date(last).toISOString();
  }
}

/** From each beginning to the last record before the next: that of its end, unless its process was killed. */
function sessionsOf(run: Run, groups: readonly Group[], log: readonly AuditLine[]): Session[] {
  const times = [...groups.map(({ createdAt }) => createdAt), ...log.map(({ at }) => at)]
    .map((time) => Date.parse(time))
    .filter((time) => Number.isFinite(time));
  const begun = log.flatMap(({ at, event }) => (event.what === 'run-began' ? Date.parse(at) : []));
  const starts = begun.length > 0 ? begun : [Date.parse(run.startedAt)];
  return starts.map((from, index) => {
    const next = starts[index + 1] ?? Number.POSITIVE_INFINITY;
    const isOfIt = (time: number) => time >= from && time < next;
    return { from, to: times.filter(isOfIt).reduce((last, time) => Math.max(last, time), from) };
  });
}
