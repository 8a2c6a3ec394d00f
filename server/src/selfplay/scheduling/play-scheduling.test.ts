import os from 'node:os';
import { beforeEach, describe, expect, it } from 'vitest';
import { handClock } from '../../../../test/support/hand-clock.ts';
import { options, sandbox, saying, storeOfTwoTasks } from '../../../../test/support/two-tasks.ts';
import type { Endpoint, SampleRequest } from '../../model/endpoint.ts';
import { ModelError } from '../../model/model-error.ts';
import type { Store } from '../../store/store.ts';
import { type PlayEvent, play } from '../play.ts';
import { PlayError } from '../play-error.ts';
import type { Power } from './power.ts';
import { readQuietHours } from './quiet-hours.ts';

const { signal } = new AbortController();
const silent = () => undefined;

let store: Store;
beforeEach(async () => {
  store = await storeOfTwoTasks();
  return () => store.close();
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
