import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Group } from '../../../protocol/group.ts';
import { characterEndpoint } from '../../../test/support/character-endpoint.ts';
import { exampleAbduction } from '../../../test/support/example-tasks.ts';
import { scriptedSandbox } from '../../../test/support/scripted-sandbox.ts';
import { sessionResult } from '../../../test/support/session-result.ts';
import { options, sandbox, saying, storeOfTwoTasks } from '../../../test/support/two-tasks.ts';
import { reportText } from '../cli/report-text.ts';
import { type Judges, theJudges } from '../judge/judges.ts';
import type { Endpoint, Probe } from '../model/endpoint.ts';
import { ModelError } from '../model/model-error.ts';
import { decide } from '../review/decide.ts';
import type { Store } from '../store/store.ts';
import type { Finding } from './monitors/finding.ts';
import { findingText } from './monitors/finding-text.ts';
import { type PlayEvent, play } from './play.ts';
import { PlayError } from './play-error.ts';
import { report } from './report.ts';

const { signal } = new AbortController();
const silent = () => undefined;

let store: Store;
beforeEach(async () => {
  store = await storeOfTwoTasks();
  return () => store.close();
});

describe('a preset', () => {
  it('decides how many are drawn and what is paid, and stands in the run and in its groups', async () => {
    const endpoint = saying('raise ValueError\n');
    const parts = { store, sandbox, endpoint, onEvent: silent };
    const run = await play({ ...options, tasks: 2, preset: 'agent0' }, parts, signal);
    expect(run).toMatchObject({ preset: 'agent0', estimator: 'adpo' });
    const groups = await store.groups({ runId: run.id });
    for (const group of groups) {
      expect(group).toMatchObject({ preset: 'agent0', estimator: 'adpo' });
      expect(group.samples).toHaveLength(10);
      // All ten say the same.
      expect(group.samples[0]?.reward.parts).toMatchObject({ agreement: 1 });
    }
    expect(groups).toHaveLength(2);
  });

  it('pays a wrong answer −0.5 and an unreadable one −1 as Absolute Zero does', async () => {
    const paid = async (line: string) => {
      const parts = { store, sandbox, endpoint: saying(line), onEvent: silent };
      const run = await play({ ...options, tasks: 1, preset: 'absolute-zero' }, parts, signal);
      const [group] = await store.groups({ runId: run.id });
      expect(group?.estimator).toBe('trr++');
      return group?.samples[0]?.reward.total;
    };
    expect(await paid('7\n')).toBe(-0.5);
    expect(await paid('7 +\n')).toBe(-1);
  });

  it('says whether Python may be run before an answer, unless a person does; a resumed run keeps its own', async () => {
    const parts = { store, sandbox, endpoint: saying('7\n'), onEvent: silent };
    const run = await play({ ...options, tasks: 1, preset: 'agent0' }, parts, signal);
    expect(run).toMatchObject({ preset: 'agent0', tools: true });
    const without = await play({ ...options, tasks: 1, preset: 'agent0', tools: false }, parts, signal);
    expect(without).toMatchObject({ tools: false });
    expect(await play({ ...options, tasks: 2, tools: true, resume: without }, parts, signal)).toMatchObject({
      id: without.id,
      tools: false,
    });
    expect(await play({ ...options, tasks: 1 }, parts, signal)).toMatchObject({ tools: false });
    expect(await play({ ...options, tasks: 1, tools: true }, parts, signal)).toMatchObject({ tools: true });
  });

  it('plays abductions with the tool where it says so', async () => {
    await store.putTasks([exampleAbduction({ backend: sandbox.backend })]);
    const program = scriptedSandbox(({ entry }) =>
      entry === 'session'
        ? sessionResult([['42\n', null]])
        : { outcome: 'ok', value: { type: 'int', value: 42n } },
    );
    const endpoint = characterEndpoint(({ prompt }) =>
      prompt.endsWith('42\n>>>') ? ' arguments = (21)\n' : ' double(21)\n',
    );
    const parts = { store, sandbox: program, endpoint, onEvent: silent };
    const run = await play({ ...options, tasks: 2, preset: 'agent0' }, parts, signal);
    const groups = await store.groups({ runId: run.id });
    const solved = groups.filter(({ kind, role }) => kind === 'abduction' && role === 'solve');
    expect(solved.length).toBeGreaterThan(0);
    for (const { samples } of solved)
      expect(samples[0]).toMatchObject({ answer: '(21,)', verdict: { verdict: 'right' }, tool: [{}] });
    const records = { groups, tasks: await store.tasks(), log: [] };
    const told = report(run, records, { store: '', seeds: 0, tasks: 0, unworthy: {} });
    const cell = (kind: string, role: string) =>
      told.cells.find((each) => each.kind === kind && each.role === role);
    const attempts = 10 * solved.length;
    expect(cell('abduction', 'solve')?.tool).toMatchObject({
      calls: attempts,
      used: { count: attempts, of: attempts },
    });
    expect(cell('abduction', 'propose')?.tool).toBeNull();
    expect(cell('deduction', 'solve')?.tool).toBeNull();
    expect(reportText(told)).toContain('  abduction solve    1.0 an attempt; in ');
  });

  it('is our own by default, and stays the run’s where it is resumed', async () => {
    const parts = { store, sandbox, endpoint: saying('7\n'), onEvent: silent };
    const run = await play({ ...options, tasks: 1, preset: 'absolute-zero' }, parts, signal);
    const resumed = await play({ ...options, tasks: 2, preset: 'agent0', resume: run }, parts, signal);
    expect(resumed).toMatchObject({ id: run.id, preset: 'absolute-zero' });
    expect(await play({ ...options, tasks: 1 }, parts, signal)).toMatchObject({
      preset: 'autodidact',
      estimator: 'leave-one-out',
    });
  });
});

describe('patterns', () => {
  it('are remembered with what each version of the model got of them, for the next run', async () => {
    const parts = { store, sandbox, endpoint: saying('7\n'), onEvent: silent };
    await play({ ...options, tasks: 2 }, parts, signal);
    await play({ ...options, tasks: 1 }, parts, signal);
    const other = { ...parts, endpoint: saying('7\n', { digest: () => 'e'.repeat(64) }) };
    await play({ ...options, tasks: 1, stream: false }, other, signal);
    const kept = JSON.parse((await store.note('patterns')) ?? '') as Record<string, unknown>;
    expect(kept).toEqual({
      'raise ← function_definition': [
        { version: 'd'.repeat(64), groups: 3, corrected: 0, streamed: 3 },
        { version: 'e'.repeat(64), groups: 1, corrected: 0, streamed: 0 },
      ],
    });
  });
});

describe('monitors', () => {
  /** What the audit log says that monitors found. */
  const audited = () => {
    const database = new DatabaseSync(store.path, { readOnly: true });
    try {
      const rows = database.prepare("SELECT detail FROM audit WHERE what = 'monitor'").all();
      return rows.map(({ detail }) => JSON.parse(String(detail)) as Finding & { runId: string });
    } finally {
      database.close();
    }
  };

  it('tell what they find, and the audit log keeps it', async () => {
    const found: Finding[] = [];
    const onEvent = (event: PlayEvent) => void (event.type === 'finding' && found.push(event.finding));
    const parts = { store, sandbox, endpoint: saying('7\n'), onEvent };
    const run = await play({ ...options, tasks: 49 }, parts, signal);
    expect(run).toMatchObject({ state: 'done', reason: 'tasks' });
    expect(found).toMatchObject([{ monitor: 'too-hard', action: 'prefer-easier', kind: 'deduction' }]);
    expect(audited()).toMatchObject([
      { runId: run.id, monitor: 'too-hard', measured: { count: 24, of: 24 } },
    ]);
  });
});

describe('canaries', () => {
  const endpoint = saying('7\n');

  it('are in no rate, no record of groups and no stream', async () => {
    let asked = 0;
    const counting = saying('7\n', { onSample: () => (asked += 1) });
    const parts = { store, sandbox, endpoint: counting, onEvent: silent };
    const run = await play({ ...options, tasks: 12 }, parts, signal);
    expect(run).toMatchObject({ state: 'done', reason: 'tasks' });
    expect(asked).toBe(8 * 13);
    expect(await store.groups()).toHaveLength(12);
    expect(await store.outgoing(99)).toHaveLength(12);
    const tried = await store.attempts();
    expect(tried.map(({ taskId }) => taskId).sort()).toEqual(['1', '2']);
    expect(tried.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(96);
    expect(await store.tasks()).toHaveLength(2);
  });

  it('end the run where the judge leaks: after the first, with an event and a message', async () => {
    const found: Finding[] = [];
    const onEvent = (event: PlayEvent) => void (event.type === 'finding' && found.push(event.finding));
    // Pays any attempt: as a judge would whose gold the answer can reach.
    const judges: Judges = { ...theJudges, attempt: () => Promise.resolve({ verdict: 'right' }) };
    const parts = { store, sandbox, endpoint, onEvent, judges };
    const run = await play({ ...options, tasks: 400 }, parts, signal);
    expect(run).toMatchObject({ state: 'done', reason: 'canary-solved' });
    // With those that were played beside the canary, and long before the next one.
    expect((await store.groups()).length).toBeLessThan(20);
    expect(found.map(findingText)).toEqual([
      expect.stringMatching(/^Monitor canary-solved: 8 of 8 answers to a canary count as right/),
    ]);
    const database = new DatabaseSync(store.path, { readOnly: true });
    const rows = database.prepare("SELECT detail FROM audit WHERE what = 'monitor'").all();
    database.close();
    expect(rows.map(({ detail }) => JSON.parse(String(detail)) as object)).toMatchObject([
      { runId: run.id, monitor: 'canary-solved', action: 'stop' },
    ]);
  });
});

describe('a run', () => {
  it('gives up a task that gives something else when it is drawn', async () => {
    const drifting = scriptedSandbox(({ call: [argument] }) =>
      argument?.type === 'int' && argument.value === 1n
        ? { outcome: 'drifts' }
        : { outcome: 'exception', type: 'KeyError' },
    );
    await play(
      options,
      { store, sandbox: drifting, endpoint: saying('raise KeyError\n'), onEvent: silent },
      signal,
    );
    expect((await store.tasks({ state: 'retired' })).map(({ id }) => id)).toEqual(['1']);
    expect((await store.tasks({ state: 'open' })).map(({ id }) => id)).toEqual(['2']);
    expect((await store.auditLog({ taskId: '1', limit: 9 })).map(({ event }) => event)).toEqual([
      { what: 'task-state', detail: { tasks: ['1'], state: 'retired', why: 'no-longer-holds' } },
    ]);
  });

  it('plays tasks in groups of eight with distinct random seeds, judges and pays each', async () => {
    const run = await play(
      options,
      { store, sandbox, endpoint: saying('raise ValueError\n'), onEvent: silent },
      signal,
    );
    expect(run).toMatchObject({ state: 'done', reason: 'tasks' });
    const groups = await store.groups({ runId: run.id });
    expect(groups).toHaveLength(3);
    for (const group of groups as Extract<Group, { role: 'solve' }>[]) {
      expect(new Set(group.samples.map(({ randomSeed }) => randomSeed)).size).toBe(8);
      const reward = group.taskId === '1' ? 1 : 0;
      expect(group.samples.map(({ reward: { total } }) => total)).toEqual(
        Array.from({ length: 8 }, () => reward),
      );
      expect(group).toMatchObject({
        trainable: true,
        sampling: { temperature: 1, topK: 0, topP: 1, minP: 0, repeatPenalty: 1 },
      });
    }
    expect((await store.outgoing(9)).map(({ group }) => group.id)).toEqual(groups.map(({ id }) => id));
    expect((await store.runs()).at(-1)).toEqual(run);
  });

  it('plays no task that a person rejects, also while it goes on', async () => {
    const [first] = await store.tasks({ ids: ['1'] });
    if (first === undefined) throw new TypeError('The task is gone.');
    const desk = { store, reviewer: 'ann', now: () => '' };
    let groups = 0;
    let isRejected = false;
    let afterwards = 0;
    const onEvent = async (event: PlayEvent) => {
      if (event.type !== 'group') return;
      groups += 1;
      if (isRejected && event.group.role === 'solve' && event.group.taskId === '1') afterwards += 1;
      if (groups !== 2) return;
      await decide(first, { decision: 'reject', reason: 'unclear' }, desk);
      isRejected = true;
    };
    const endpoint = saying('1\n');
    const run = await play(
      { ...options, tasks: 6 },
      { store, sandbox, endpoint, onEvent: (event) => void onEvent(event) },
      signal,
    );
    const played = (await store.groups({ runId: run.id })).map(
      (group) => group.role === 'solve' && group.taskId,
    );
    expect(played.slice(0, 2).toSorted()).toEqual(['1', '2']);
    // A group that was begun when the decision came may still be of it.
    expect(afterwards).toBeLessThanOrEqual(1);
    expect(played).toHaveLength(6);
    expect(await store.tasks({ ids: ['1'] })).toMatchObject([{ state: 'retired' }]);
  });

  it('stores the prompt that the model saw', async () => {
    const seen: string[] = [];
    const endpoint = saying('1\n', { onSample: ({ prompt }) => seen.push(prompt) });
    const run = await play({ ...options, tasks: 1 }, { store, sandbox, endpoint, onEvent: silent }, signal);
    const [group] = await store.groups({ runId: run.id });
    expect(new Set(seen)).toEqual(new Set([group?.prompt]));
    expect(group?.prompt).toMatch(/>>> f\([12]\)\n$/);
  });

  it('keeps what is done when it is stopped, and goes on as the same run', async () => {
    const stop = new AbortController();
    let samples = 0;
    const endpoint = saying('1\n', { onSample: () => (++samples === 12 ? stop.abort() : undefined) });
    const stopped = await play(options, { store, sandbox, endpoint, onEvent: silent }, stop.signal).catch(
      (error: unknown) => error,
    );
    const [run] = await store.runs();
    expect(run).toMatchObject({ state: 'interrupted', reason: 'stopped' });
    expect(stopped).toEqual(run);
    const kept = await store.groups();
    const resumed = await play(
      { ...options, ...(run === undefined ? {} : { resume: run }) },
      { store, sandbox, endpoint: saying('1\n'), onEvent: silent },
      signal,
    );
    expect(resumed).toMatchObject({ id: run?.id, state: 'done' });
    const after = await store.groups({ runId: resumed.id });
    expect(after.slice(0, kept.length)).toEqual(kept);
    expect(after).toHaveLength(3);
    const began = { run: run?.id, folder: '/w', model: 'm:latest', digest: 'd'.repeat(64) };
    expect((await store.auditLog({ limit: 9 })).map(({ event }) => event)).toEqual([
      { what: 'run-began', detail: { ...began, resumed: false } },
      { what: 'run-ended', detail: { run: run?.id, state: 'interrupted', reason: 'stopped' } },
      { what: 'run-began', detail: { ...began, resumed: true } },
      { what: 'run-ended', detail: { run: run?.id, state: 'done', reason: 'tasks' } },
    ]);
  });

  it('ends when its model is replaced under the same name, without a group of the other', async () => {
    let samples = 0;
    const endpoint = saying('1\n', {
      onSample: () => (samples += 1),
      digest: () => (samples > 8 ? 'e' : 'd').repeat(64),
    });
    const ended = play(options, { store, sandbox, endpoint, onEvent: silent }, signal);
    await expect(ended).rejects.toSatisfy((error) => PlayError.is(error, 'model-changed'));
    // The second group was drawn over the change: its first sample is the old model's, and nobody knows which others.
    expect((await store.groups()).map(({ model }) => model.digest)).toEqual(['d'.repeat(64)]);
    expect((await store.runs()).at(-1)).toMatchObject({ state: 'failed', reason: 'model-changed' });
  });

  it('waits out a server that goes away for a moment', async () => {
    let failures = 1;
    const endpoint = saying('1\n', {
      onSample: () => {
        if (failures-- > 0) throw new ModelError('refused', 'gone');
      },
    });
    const run = await play({ ...options, tasks: 1 }, { store, sandbox, endpoint, onEvent: silent }, signal);
    expect(run.state).toBe('done');
  });

  it('has a server of ours that ended started again', async () => {
    let gone = true;
    const endpoint = {
      ...saying('1\n', {
        onSample: () => {
          if (gone) throw new ModelError('refused', 'gone');
        },
      }),
      probe: () =>
        Promise.resolve({ state: gone ? 'refused' : 'ready', host: '', detail: '', version: '' } as Probe),
    };
    const told: string[] = [];
    const revive = () => {
      gone = false;
      return Promise.resolve();
    };
    const onEvent = (event: PlayEvent) => void told.push(event.type);
    const members = [{ endpoint, slots: 1, revive }];
    const parts = { store, sandbox, endpoint, members, onEvent };
    expect((await play({ ...options, tasks: 1 }, parts, signal)).state).toBe('done');
    expect(told).toContain('outage');
  });

  it('says what it lacks: a model, tasks', async () => {
    const none: Endpoint = { ...saying(''), model: () => Promise.resolve(undefined) };
    await expect(
      play(options, { store, sandbox, endpoint: none, onEvent: silent }, signal),
    ).rejects.toSatisfy((error) => PlayError.is(error, 'model-missing'));
    await store.setTaskState(['1', '2'], 'stale');
    const run = await play(options, { store, sandbox, endpoint: saying('1\n'), onEvent: silent }, signal);
    expect(run).toMatchObject({ state: 'done', reason: 'nothing-to-play' });
  });
});
