import { beforeEach, describe, expect, it } from 'vitest';
import type { Task } from '../../../../protocol/task.ts';
import { exampleDeduction } from '../../../../test/support/example-tasks.ts';
import { openedStore } from '../../../../test/support/opened-store.ts';
import { scriptedEndpoint } from '../../../../test/support/scripted-endpoint.ts';
import { scriptedSandbox } from '../../../../test/support/scripted-sandbox.ts';
import type { Endpoint, SampleRequest } from '../../model/endpoint.ts';
import type { Store } from '../../store/store.ts';
import { type PlayEvent, type PlayOptions, play } from '../play.ts';
import { runLog } from '../run-log.ts';
import { heldOutAnswers } from './held-out-answers.ts';

const { signal } = new AbortController();
const options: PlayOptions = { folder: '/w', model: 'm', tasks: 30, randomSeed: 1, stream: true };

const sandbox = scriptedSandbox(({ entry, call: [argument] }) => {
  if (entry === 'held') return { outcome: 'ok', value: { type: 'int', value: 42n } };
  const isOne = argument?.type === 'int' && argument.value === 1n;
  return { outcome: 'exception', type: isOne ? 'ValueError' : 'KeyError' };
});
const backend = sandbox.backend;
// An exception as the output is no pair, so that nothing can be proposed about the program and only solving is left.
const train: readonly Task[] = [
  exampleDeduction({ id: '1', call: '(1,)', output: 'raise ValueError', backend }),
  exampleDeduction({ id: '2', call: '(2,)', output: 'raise KeyError', backend }),
];
const gate = (count: number, split: Task['split'] = 'gate') =>
  Array.from({ length: count }, (_, index) =>
    exampleDeduction({
      id: `${split}${index}`,
      program: `def held(x):\n    return ${index} + x\n`,
      entry: 'held',
      call: `(${index},)`,
      split,
      backend,
    }),
  );

const isHeldOut = ({ prompt }: SampleRequest) => prompt.includes('def held');

let store: Store;
beforeEach(async () => {
  store = (await openedStore()).store;
  await store.putTasks([...train, ...gate(9), ...gate(20, 'test')]);
});

async function playOn(endpoint: Endpoint, change: Partial<PlayOptions> = {}, own = signal) {
  const events: PlayEvent[] = [];
  const onEvent = (event: PlayEvent) => void events.push(event);
  const run = await play({ ...options, ...change }, { store, sandbox, endpoint, onEvent }, own);
  return { run, events, answers: heldOutAnswers(await runLog(run.id, store)) };
}

describe('what is held out, in a run', () => {
  it('is asked beside what is played, of the gate alone, and stands in the audit log alone', async () => {
    const endpoint = scriptedEndpoint((request) => (isHeldOut(request) ? '42\n' : '7\n'));
    const { run, events, answers } = await playOn(endpoint);
    expect(run).toMatchObject({ state: 'done', reason: 'tasks' });
    expect(new Set(answers.map(({ task }) => task))).toEqual(new Set(gate(9).map(({ id }) => id)));
    expect(endpoint.asked.filter(isHeldOut)).toHaveLength(answers.length);
    expect(
      endpoint.asked.some(({ prompt }) => prompt.includes('def held') && prompt.includes('def double')),
    ).toBe(false);
    for (const { prompt, sampling } of endpoint.asked.filter((request) => !isHeldOut(request))) {
      expect(prompt).not.toContain('held');
      expect(sampling.temperature).toBe(1);
    }
    // No record but the log.
    const played = new Set(['1', '2']);
    const groups = await store.groups({ runId: run.id });
    expect(groups.every((group) => group.role === 'solve' && played.has(group.taskId))).toBe(true);
    expect((await store.attempts()).every(({ taskId }) => played.has(taskId))).toBe(true);
    expect((await store.rates(run.model.digest)).every(({ taskId }) => played.has(taskId))).toBe(true);
    expect((await store.outgoing(999)).map(({ group }) => group.id)).toEqual(groups.map(({ id }) => id));
    expect((await store.tasks()).filter(({ split }) => split !== 'train')).toEqual([
      ...gate(9),
      ...gate(20, 'test'),
    ]);
    expect(events.filter(({ type }) => type === 'held-out')[0]).toMatchObject({ right: { count: 9, of: 9 } });
    const [line] = await store.auditLog({ taskId: 'gate0', limit: 9 });
    expect(line?.event).toMatchObject({ what: 'held-out', detail: { task: 'gate0' } });
  });

  it('is asked never twice at once, however many groups are in flight', async () => {
    let now = 0;
    let most = 0;
    const scripted = scriptedEndpoint(() => '7\n');
    const endpoint: Endpoint = {
      ...scripted,
      sample: async (request, own) => {
        if (!isHeldOut(request)) return await scripted.sample(request, own);
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setTimeout(resolve, 5));
        now -= 1;
        return await scripted.sample(request, own);
      },
    };
    const onEvent = () => undefined;
    const members = [{ endpoint, slots: 4 }];
    await play({ ...options, tasks: 60 }, { store, sandbox, endpoint, members, onEvent }, signal);
    expect(scripted.asked.filter(isHeldOut).length).toBeGreaterThan(9);
    expect(most).toBe(1);
  });

  it('can be left out', async () => {
    const endpoint = scriptedEndpoint(() => '7\n');
    const { answers, events } = await playOn(endpoint, { heldOut: false });
    expect(answers).toEqual([]);
    expect(endpoint.asked.some(isHeldOut)).toBe(false);
    expect(events.some(({ type }) => type === 'too-few-held-out')).toBe(false);
  });

  it('is left out where there is too little of it, and that is said once', async () => {
    await store.setTaskState(['gate0', 'gate1'], 'stale');
    const endpoint = scriptedEndpoint(() => '7\n');
    const { run, events, answers } = await playOn(endpoint);
    expect(answers).toEqual([]);
    const told = (all: readonly PlayEvent[]) => all.filter(({ type }) => type === 'too-few-held-out');
    expect(told(events)).toEqual([{ type: 'too-few-held-out', tasks: 7 }]);
    const resumed = await playOn(endpoint, { resume: run, tasks: 32 });
    expect(told(resumed.events)).toEqual([]);
  });

  it('stops within a second while a held-out task is being asked, and is asked it when it goes on', async () => {
    const stop = new AbortController();
    const hanging: Endpoint = {
      ...scriptedEndpoint(() => '7\n'),
      sample: (_, own) =>
        new Promise((_resolve, reject) => {
          own.addEventListener('abort', () => reject(own.reason as Error));
          setTimeout(() => stop.abort(), 20);
        }),
    };
    const begun = performance.now();
    const stopped = await playOn(hanging, {}, stop.signal);
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(stopped.run).toMatchObject({ state: 'interrupted', reason: 'stopped' });
    expect(stopped.answers).toEqual([]);
    const resumed = await playOn(
      scriptedEndpoint(() => '42\n'),
      { resume: stopped.run },
    );
    expect(new Set(resumed.answers.map(({ task }) => task)).size).toBe(9);
  });

  it('begins no task when the time is over', async () => {
    const endpoint = scriptedEndpoint(() => '7\n');
    const { run } = await playOn(endpoint, { tokens: 0 });
    expect(run).toMatchObject({ state: 'done', reason: 'tokens' });
    expect(endpoint.asked).toEqual([]);
  });

  it('ends a run whose rewards rise while it does not follow', async () => {
    let samples = 0;
    // From about the 100th group on, every answer is right but those to what is held out.
    const endpoint = scriptedEndpoint((request) => {
      if (isHeldOut(request)) return '7\n';
      samples += 1;
      if (samples < 800) return samples % 2 === 0 ? '7\n' : 'raise ValueError\n';
      return request.prompt.endsWith('(1)\n') ? 'raise ValueError\n' : 'raise KeyError\n';
    });
    const { run } = await playOn(endpoint, { tasks: 900 });
    expect(run).toMatchObject({ state: 'done', reason: 'monitor' });
    const lines = await runLog(run.id, store);
    const found = lines.flatMap(({ event }) => (event.what === 'monitor' ? event.detail : []));
    expect(found.at(-1)).toMatchObject({ monitor: 'reward-without-held-out', action: 'stop' });
    const groups = (await store.groups({ runId: run.id })).length;
    expect(groups).toBeGreaterThan(150);
    expect(groups).toBeLessThan(600);
  });

  it('is remembered by the monitors of a run that is resumed', async () => {
    let isRisen = false;
    const endpoint = scriptedEndpoint((request) => {
      if (isHeldOut(request) || !isRisen) return '7\n';
      return request.prompt.endsWith('(1)\n') ? 'raise ValueError\n' : 'raise KeyError\n';
    });
    const before = await playOn(endpoint, { tasks: 200 });
    expect(before.run).toMatchObject({ state: 'done', reason: 'tasks' });
    isRisen = true;
    // Without what it was answered before, the windows would fill much later.
    const after = await playOn(endpoint, { tasks: 380, resume: before.run });
    expect(after.run).toMatchObject({ id: before.run.id, state: 'done', reason: 'monitor' });
  });
});
