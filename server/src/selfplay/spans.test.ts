import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEvent, AuditLine } from '../../../protocol/audit.ts';
import { exampleDeduction } from '../../../test/support/example-tasks.ts';
import { sampleGroup, sampleProposals, sampleRun } from '../../../test/support/sample-records.ts';
import { spans } from './spans.ts';

const start = Date.parse('2026-01-02T03:00:00Z');
/** A moment so many minutes after the run began. */
const at = (minutes: number) => new Date(start + 60_000 * minutes).toISOString();
const run = { ...sampleRun('run'), startedAt: at(0) };

let number = 0;
function line(minutes: number, event: AuditEvent): AuditLine {
  number += 1;
  return { number, at: at(minutes), event };
}
const began = (minutes: number) =>
  line(minutes, {
    what: 'run-began',
    detail: { run: 'run', folder: '/w', model: 'm', digest: 'd', resumed: minutes > 0 },
  });
const ended = (minutes: number) =>
  line(minutes, { what: 'run-ended', detail: { run: 'run', state: 'done', reason: 'minutes' } });
const group = (minutes: number) => sampleGroup(`g${minutes}`, { createdAt: at(minutes) });

/** Samples of deductions that were solved, by span. */
const solved = (all: ReturnType<typeof spans>) =>
  all.map(({ cells }) => {
    const cell = cells.find(({ kind, role }) => kind === 'deduction' && role === 'solve');
    return [cell?.asked, cell?.succeeded.count];
  });

describe('a run over time', () => {
  it('is cut into six equal spans, each with its own records', () => {
    const groups = [group(1), group(2), group(19), group(31), group(59), group(60)];
    const all = spans(run, [...groups, sampleProposals('p', 'task')], [began(0), ended(60)]);
    expect(all.map(({ from, to }) => [from, to])).toEqual(
      [0, 10, 20, 30, 40, 50].map((from) => [at(from), at(from + 10)]),
    );
    expect(all[1]).toMatchObject({ fromMs: 600_000, toMs: 1_200_000 });
    expect(solved(all)).toEqual([
      [16, 2],
      [8, 1],
      [0, 0],
      [8, 1],
      [0, 0],
      [16, 2],
    ]);
    const [first] = all;
    const cell = first?.cells.find(({ role }) => role === 'solve');
    expect(cell?.succeeded).toMatchObject({ count: 2, of: 16, low: expect.closeTo(0.035, 2) });
    // Every cell, also those that were not played.
    expect(first?.cells).toHaveLength(7);
  });

  it('has as many spans as it has minutes where these are fewer, and one of an empty run', () => {
    expect(spans(run, [], [began(0), ended(3.5)])).toHaveLength(3);
    expect(spans(run, [], [began(0), ended(0.2)])).toHaveLength(1);
    expect(spans(run, [], [])).toMatchObject([{ from: at(0), to: at(0), toMs: 0 }]);
  });

  it('leaves out the time between a stop and its resumption', () => {
    const log = [began(0), ended(30), began(1_000), ended(1_030)];
    const all = spans(run, [group(5), group(1_005)], log);
    expect(all.map(({ fromMs }) => fromMs / 60_000)).toEqual([0, 10, 20, 30, 40, 50]);
    expect(all.map(({ from }) => from).slice(0, 5)).toEqual([0, 10, 20, 30, 1_010].map(at));
    expect(solved(all).map(([asked]) => asked)).toEqual([8, 0, 0, 8, 0, 0]);
  });

  it('takes the last record for the end of a process that was killed', () => {
    const all = spans(run, [group(20), group(1_040)], [began(0), began(1_000)]);
    expect(all.at(-1)?.toMs).toBe(60 * 60_000);
    expect(solved(all).map(([asked]) => asked)).toEqual([0, 0, 8, 0, 0, 8]);
  });

  it('tells in each span what is held out, canaries, and what was found', () => {
    const heldOut = (minutes: number, isRight: boolean) =>
      line(minutes, {
        what: 'held-out',
        detail: {
          runId: 'run',
          evaluation: 0,
          of: 8,
          task: `${minutes}`,
          kind: 'deduction',
          verdict: isRight ? { verdict: 'right' } : { verdict: 'wrong', reason: 'different' },
          modelMs: 1,
          solved: 0,
        },
      });
    const canary = (minutes: number, verdict: string) =>
      line(minutes, {
        what: 'canary',
        detail: { runId: 'run', task: exampleDeduction(), samples: [{ verdict: { verdict } }, {}] },
      });
    const found = line(45, {
      what: 'monitor',
      detail: {
        runId: 'run',
        monitor: 'too-hard',
        action: 'prefer-easier',
        kind: 'abduction',
        detail: 'Why.',
      },
    });
    // As an older version wrote it.
    const bare = line(46, { what: 'monitor', detail: { runId: 'run', monitor: 'guessing', action: 'stop' } });
    const log = [began(0), heldOut(1, true), heldOut(2, false), canary(3, 'right'), canary(44, 'no verdict')];
    const all = spans(run, [], [...log, found, bare, ended(60)]);
    expect(all[0]).toMatchObject({
      heldOut: { count: 1, of: 2 },
      canaries: { played: 1, solved: 1 },
      findings: [],
    });
    expect(all[4]).toMatchObject({
      heldOut: { of: 0 },
      canaries: { played: 1, solved: 0 },
      findings: [
        { at: at(45), monitor: 'too-hard', kind: 'abduction', action: 'prefer-easier', detail: 'Why.' },
        { at: at(46), monitor: 'guessing', kind: null, detail: '' },
      ],
    });
  });

  it('loses no record, whatever the clock said', () => {
    const minute = fc.double({ min: -100, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(minute, { maxLength: 20 }),
        fc.array(minute, { maxLength: 6 }),
        (made, sessions) => {
          const log = sessions.map((moment, index) => (index % 2 === 0 ? began(moment) : ended(moment)));
          const all = spans(run, made.map(group), log);
          expect(all.length).toBeLessThanOrEqual(6);
          expect(solved(all).reduce((sum, [asked = 0]) => sum + asked, 0)).toBe(8 * made.length);
          for (const span of all) expect(span.toMs).toBeGreaterThanOrEqual(span.fromMs);
        },
      ),
    );
  });
});
