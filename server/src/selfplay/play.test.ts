import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Group } from '../../../protocol/group.ts';
import { characterEndpoint } from '../../../test/support/character-endpoint.ts';
import { exampleAbduction } from '../../../test/support/example-tasks.ts';
import { handClock } from '../../../test/support/hand-clock.ts';
import { scriptedSandbox } from '../../../test/support/scripted-sandbox.ts';
import { sessionResult } from '../../../test/support/session-result.ts';
import { reportText } from '../cli/report-text.ts';
import { type Judges, theJudges } from '../judge/judges.ts';
import type { Endpoint, Probe, Sample, SampleRequest } from '../model/endpoint.ts';
import { ModelError } from '../model/model-error.ts';
import { decide } from '../review/decide.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import type { Finding } from './monitors/finding.ts';
import { findingText } from './monitors/finding-text.ts';
import { type PlayEvent, type PlayOptions, play } from './play.ts';
import { PlayError } from './play-error.ts';
import { report } from './report.ts';
import type { Power } from './scheduling/power.ts';
import { readQuietHours } from './scheduling/quiet-hours.ts';

/** A model that says the same line to every prompt: what is tested is what self-play makes of it. */
function saying(
  line: string,
  change: {
    digest?: () => string;
    onSample?: (request: SampleRequest) => void;
    answer?: (request: SampleRequest) => string;
  } = {},
): Endpoint {
  const info = () => ({
    name: 'm:latest',
    digest: change.digest?.() ?? 'd'.repeat(64),
    family: 'f',
    contextLength: 4096,
  });
  const tokens = [...line].map((character) => ({
    bytes: Buffer.from(character).toString('base64'),
    logprob: -1,
  }));
  const sample: Sample = {
    text: line,
    tokens,
    finish: 'delimiter',
    promptCut: false,
    promptTokens: 10,
    completionTokens: tokens.length,
    promptMs: 1,
    completionMs: 1,
    wallMs: 2,
  };
  return {
    host: 'http://127.0.0.1:1',
    probe: () => Promise.resolve({ state: 'ready', version: '1', host: '' }),
    model: () => Promise.resolve(info()),
    models: () => Promise.resolve([info()]),
    render: () => Promise.resolve(''),
    sample: (request) => {
      change.onSample?.(request);
      const text = change.answer?.(request) ?? sample.text;
      return Promise.resolve({ ...sample, text });
    },
  };
}

/** What the two programs give: each task is run again when it is drawn. */
const sandbox = scriptedSandbox(({ call: [argument] }) => ({
  outcome: 'exception',
  type: argument?.type === 'int' && argument.value === 1n ? 'ValueError' : 'KeyError',
}));

let folder = '';
let store: Store;
const options: PlayOptions = { folder: '/w', model: 'm', tasks: 3, randomSeed: 1, stream: true };
const { signal } = new AbortController();
const silent = () => undefined;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'autodidact-selfplay-'));
  store = await openStore({ path: path.join(folder, 'store.db') });
  const unit = {
    folder: '/w',
    file: 'a.py',
    symbol: 'f',
    line: 1,
    endLine: 2,
    unitHash: 'u',
    fileHash: 'h',
    commit: null,
  };
  const backend = { name: 'pyodide', version: '314.0.7', python: '3.14.2' } as const;
  const common = {
    unit,
    origin: 'mined',
    proposedBy: null,
    state: 'open',
    split: 'train',
    trivial: null,
    backend,
    createdAt: '',
  } as const;
  const task = (id: string, output: string) =>
    ({
      kind: 'deduction',
      id,
      program: 'def f(x):\n    return x\n',
      entry: 'f',
      call: `(${id},)`,
      output,
      ...common,
    }) as const;
  // An exception as the output is no pair, so that nothing can be proposed about the program and only solving is left.
  await store.putTasks([task('1', 'raise ValueError'), task('2', 'raise KeyError')]);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
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

describe('scheduling', () => {
  /** Resolves in the next turn of the event loop but one, so that others have theirs. */
  const later = () => new Promise<void>((resolve) => setTimeout(resolve, 3));

  function slow(onSample: (request: SampleRequest) => void = silent): Endpoint {
    const endpoint = saying('raise ValueError\n', { onSample });
    return { ...endpoint, sample: (request, own) => later().then(() => endpoint.sample(request, own)) };
  }

  it('runs what the next group needs while this one is drawn, and draws one group at a time in one slot', async () => {
    const order: string[] = [];
    const endpoint = slow(({ prompt }) => order.push(prompt));
    const watched = {
      ...sandbox,
      verify: (...given: Parameters<typeof sandbox.verify>) => {
        order.push('verify');
        return sandbox.verify(...given);
      },
    };
    await play({ ...options, tasks: 4 }, { store, sandbox: watched, endpoint, onEvent: silent }, signal);
    const samples = order.filter((step) => step !== 'verify');
    const groups = Array.from({ length: 4 }, (_, index) => samples.slice(8 * index, 8 * index + 8));
    for (const group of groups) expect(new Set(group).size).toBe(1);
    // The second task was run before the first one's samples were all there.
    expect(order.slice(0, 8).filter((step) => step === 'verify')).toHaveLength(2);
  });

  it('has as many groups drawn at once as the servers have slots, never two of one task', async () => {
    const now = new Set<string>();
    let most = 0;
    const endpoint = saying('raise ValueError\n');
    const counting: Endpoint = {
      ...endpoint,
      sample: async (request, own) => {
        expect(now.has(request.prompt)).toBe(false);
        now.add(request.prompt);
        most = Math.max(most, now.size);
        await later();
        now.delete(request.prompt);
        return endpoint.sample(request, own);
      },
    };
    const members = [{ endpoint: counting, slots: 2 }];
    const parts = { store, sandbox, endpoint: counting, members, onEvent: silent };
    const run = await play({ ...options, tasks: 6 }, parts, signal);
    expect(most).toBe(2);
    expect(await store.groups({ runId: run.id })).toHaveLength(6);
  });

  it('finishes what is being drawn when its time is over, and begins nothing that only waited', async () => {
    const clock = handClock(new Date('2026-03-04T12:00:00'));
    const prompts: string[] = [];
    const endpoint = slow(({ prompt }) => {
      prompts.push(prompt);
      if (prompts.length === 12) clock.pass(61_000);
    });
    const { tasks: _, ...untilTime } = options;
    const run = await play(
      { ...untilTime, minutes: 1 },
      { store, sandbox, endpoint, clock, onEvent: silent },
      signal,
    );
    expect(run).toMatchObject({ state: 'done', reason: 'minutes' });
    expect(prompts).toHaveLength(16);
    expect(await store.groups({ runId: run.id })).toHaveLength(2);
  });

  it('ends with the tokens that it may draw, and finishes what it began', async () => {
    const endpoint = slow();
    const { tasks: _, ...untilTokens } = options;
    const run = await play(
      { ...untilTokens, tokens: 200 },
      { store, sandbox, endpoint, onEvent: silent },
      signal,
    );
    expect(run).toMatchObject({ state: 'done', reason: 'tokens' });
    const groups = await store.groups({ runId: run.id });
    // Eight samples of 17 tokens a group: the second one is over 200; one may have been begun while it was judged.
    expect(groups.length).toBeGreaterThanOrEqual(2);
    expect(groups.length).toBeLessThanOrEqual(3);
    for (const { samples } of groups) expect(samples).toHaveLength(8);
  });

  it('waits in quiet hours without using up its time, and goes on by itself as the same run', async () => {
    const clock = handClock(new Date('2026-03-04T21:59:00'));
    const asked: Date[] = [];
    const events: string[] = [];
    const endpoint = slow(() => {
      asked.push(clock.date());
      clock.pass(2_000);
    });
    const quiet = readQuietHours('22:00-07:00');
    if (quiet === undefined) throw new Error('These are quiet hours.');
    const onEvent = (event: PlayEvent) => {
      if (event.type === 'suspended' || event.type === 'goes-on') events.push(event.type);
      if (event.type !== 'suspended') return;
      expect(event.reason).toBe('quiet-hours');
      setTimeout(() => clock.pass(9 * 3_600_000), 100);
    };
    const { tasks: _, ...untilTime } = options;
    const run = await play(
      { ...untilTime, minutes: 3, suspend: { quiet, minBattery: 0 } },
      { store, sandbox, endpoint, clock, onEvent },
      signal,
    );
    expect(events).toEqual(['suspended', 'goes-on']);
    expect(run).toMatchObject({ state: 'done', reason: 'minutes' });
    expect(run.playedMs).toBeLessThan(5 * 60_000);
    // No group begins in quiet hours; one that was begun is finished.
    const quietSamples = asked.filter((date) => quiet.includes(date));
    expect(quietSamples.length).toBeLessThan(8);
    expect(asked.some((date) => date.getHours() === 7)).toBe(true);
    expect(await store.runs()).toHaveLength(1);
  });

  it('is recorded as paused while it waits, and stops at once then', async () => {
    const stop = new AbortController();
    const suspend = { quiet: { includes: () => true }, minBattery: 0 };
    const asked: SampleRequest[] = [];
    const endpoint = saying('1\n', { onSample: (request) => asked.push(request) });
    const running = play({ ...options, suspend }, { store, sandbox, endpoint, onEvent: silent }, stop.signal);
    await expect
      .poll(async () => (await store.runs()).at(-1))
      .toMatchObject({ state: 'paused', reason: 'quiet-hours' });
    const begun = performance.now();
    stop.abort();
    expect(await running).toMatchObject({ state: 'interrupted', reason: 'stopped' });
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(asked).toEqual([]);
  });

  it('waits on a battery that is low', async () => {
    let power: Power = { source: 'battery', charge: 30 };
    const clock = handClock(new Date('2026-03-04T12:00:00'));
    const told: string[] = [];
    const onEvent = (event: PlayEvent) => {
      if (event.type !== 'suspended') return;
      told.push(event.reason);
      power = { source: 'mains' };
      setTimeout(() => clock.pass(15_000), 20);
    };
    const suspend = { quiet: { includes: () => false }, minBattery: 50 };
    const parts = { store, sandbox, endpoint: saying('1\n'), clock, onEvent };
    const run = await play(
      { ...options, suspend },
      { ...parts, readPower: () => Promise.resolve(power) },
      signal,
    );
    expect(told).toEqual(['battery']);
    expect(run).toMatchObject({ state: 'done', reason: 'tasks' });
  });

  it('keeps the samples of a group over a server that fails in the middle of it', async () => {
    let count = 0;
    const endpoint = saying('1\n', {
      onSample: () => {
        count += 1;
        if (count === 5) throw new ModelError('unreachable', 'restarting');
      },
    });
    const patience = { totalMs: 1_000, firstMs: 10, longestMs: 50 };
    const run = await play(
      { ...options, tasks: 1 },
      { store, sandbox, endpoint, onEvent: silent, patience },
      signal,
    );
    const [group] = await store.groups({ runId: run.id });
    expect(group?.samples).toHaveLength(8);
    // Eight samples, and the one request that failed.
    expect(count).toBe(9);
  });

  it('goes on with other tasks where the group of one fails again and again', async () => {
    const endpoint = slow(({ prompt }) => {
      if (prompt.endsWith('f(2)\n')) throw new ModelError('http-error', 'it crashes on this');
    });
    const patience = { totalMs: 5_000, firstMs: 5, longestMs: 10 };
    const told: string[] = [];
    const onEvent = (event: PlayEvent) => void (event.type === 'outage' && told.push(event.detail));
    const run = await play({ ...options, tasks: 3 }, { store, sandbox, endpoint, onEvent, patience }, signal);
    expect(run).toMatchObject({ state: 'done', reason: 'tasks' });
    const groups = await store.groups({ runId: run.id });
    expect(groups.map((group) => group.role === 'solve' && group.taskId)).toEqual(['1', '1', '1']);
    expect(told.join()).toContain('it crashes on this');
  });

  it('leaves the model a processor where one is generated with here, and none where it is elsewhere', async () => {
    const shares: number[][] = [[], []];
    for (const [at, host] of ['http://127.0.0.1:1', 'http://gpu.invalid:1'].entries()) {
      const endpoint = { ...saying('1\n'), host };
      const sharing = { ...sandbox, share: (count: number) => void shares[at]?.push(count) };
      await play({ ...options, tasks: 1 }, { store, sandbox: sharing, endpoint, onEvent: silent }, signal);
    }
    const all = os.availableParallelism();
    expect(shares).toEqual([
      [Math.max(1, all - 1), all],
      [all, all],
    ]);
  });

  it('fails where every server stays away', async () => {
    const endpoint: Endpoint = {
      ...saying('1\n', {
        onSample: () => {
          throw new ModelError('refused', 'gone');
        },
      }),
      probe: () => Promise.resolve({ state: 'refused', host: '', detail: '' }),
    };
    const patience = { totalMs: 100, firstMs: 10, longestMs: 50 };
    const ended = play(options, { store, sandbox, endpoint, onEvent: silent, patience }, signal);
    await expect(ended).rejects.toSatisfy((error) => PlayError.is(error, 'model-gone'));
    expect((await store.runs()).at(-1)).toMatchObject({ state: 'failed', reason: 'model-gone' });
  });
});
