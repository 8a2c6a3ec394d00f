import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sampleGroup, sampleRun, sampleTask } from '../../../test/support/sample-records.ts';
import { receiver, type Spoken } from '../../../test/support/stream-receiver.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { type StreamClock, type StreamState, startStream } from './stream.ts';
import type { StreamError } from './stream-error.ts';

const never = new AbortController().signal;

async function storeWith(...ids: string[]): Promise<Store> {
  const store = await openStore({ path: path.join(await temporaryFolder(), 'store.db') });
  onTestFinished(() => store.close());
  await store.putRun(sampleRun('run'));
  await store.putTasks([sampleTask('task')]);
  for (const id of ids) await store.commitGroup(sampleGroup(id), { stream: true });
  return store;
}

/** A clock whose waits are over at once and written down. */
function hurriedClock(): StreamClock & { readonly slept: number[] } {
  const slept: number[] = [];
  const sleep = async (ms: number) => {
    slept.push(ms);
    await new Promise((resolve) => setTimeout(resolve, 1));
  };
  return { slept, now: () => 1_000, sleep, random: () => 1 };
}

async function waitingIds(store: Store): Promise<string[]> {
  return (await store.outgoing(100)).map(({ group }) => group.id);
}

function idsOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { id: string }).id);
}

describe('a stream to a file', () => {
  it('appends each group once, oldest first, and empties the outbox', async () => {
    const store = await storeWith('a', 'b');
    const file = path.join(await temporaryFolder(), 'groups.ndjson');
    const stream = await startStream({ store, target: file, env: {}, signal: never });
    await store.commitGroup(sampleGroup('c'), { stream: true });
    await stream.close();
    expect(idsOf(await readFile(file, 'utf8'))).toEqual(['a', 'b', 'c']);
    expect(await waitingIds(store)).toEqual([]);
    expect(stream.delivered).toBe(3);
    expect(stream.state).toEqual({ state: 'closed' });
  });

  it('writes the group as the store has it', async () => {
    const store = await storeWith('a');
    const file = path.join(await temporaryFolder(), 'groups.ndjson');
    await (await startStream({ store, target: file, env: {}, signal: never })).close();
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(sampleGroup('a'));
  });

  it('sends nothing that was not committed for it', async () => {
    const store = await storeWith();
    await store.commitGroup(sampleGroup('kept'), { stream: false });
    const file = path.join(await temporaryFolder(), 'groups.ndjson');
    await (await startStream({ store, target: file, env: {}, signal: never })).close();
    expect(await readFile(file, 'utf8')).toBe('');
  });

  it('does not repeat what was written before a crash and not acknowledged', async () => {
    const store = await storeWith('a', 'b', 'c');
    const folder = await temporaryFolder({
      'groups.ndjson': `${JSON.stringify(sampleGroup('a'))}\n${JSON.stringify(sampleGroup('b'))}\n{"schema":1,"id":"c"`,
    });
    const file = path.join(folder, 'groups.ndjson');
    await (await startStream({ store, target: file, env: {}, signal: never })).close();
    expect(idsOf(await readFile(file, 'utf8'))).toEqual(['a', 'b', 'c']);
  });
});

describe('a stream to an address', () => {
  it('sends each group with the token until the receiver has it', async () => {
    const store = await storeWith('a', 'b');
    const { url, received } = await receiver([]);
    const env = { AUTODIDACT_STREAM_TOKEN: 'secret' };
    await (await startStream({ store, target: url, env, signal: never })).close();
    expect(received.map(({ ids }) => ids)).toEqual([['a', 'b']]);
    expect(received[0]?.headers).toMatchObject({
      authorization: 'Bearer secret',
      'content-type': 'application/x-ndjson',
    });
    expect(await waitingIds(store)).toEqual([]);
  });

  const faults: [string, Spoken][] = [
    ['fails', { status: 500 }],
    ['is busy', { status: 503 }],
    ['hangs up before it answers', 'hang-up'],
    ['took it and hangs up in its answer', 'cut-answer'],
    ['is replaced after it took it', { status: 502 }],
  ];
  it.each(faults)('tries again after a receiver that %s: nothing is lost', async (_, fault) => {
    const store = await storeWith('a', 'b');
    const { url, received } = await receiver([fault, fault]);
    const stream = await startStream({ store, target: url, env: {}, signal: never, clock: hurriedClock() });
    await expect.poll(() => waitingIds(store)).toEqual([]);
    await stream.close();
    expect(received.map(({ ids }) => ids)).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(new Set(received.flatMap(({ ids }) => ids))).toEqual(new Set(['a', 'b']));
  });

  it('waits longer after each failure, as long as the receiver asks, and says so', async () => {
    const store = await storeWith('a');
    const states: StreamState[] = [];
    const clock = hurriedClock();
    const { url } = await receiver([{ status: 500 }, { status: 500 }, { status: 429, retryAfter: '30' }]);
    const onState = (state: StreamState) => states.push(state);
    const stream = await startStream({ store, target: url, env: {}, signal: never, clock, onState });
    await expect.poll(() => waitingIds(store)).toEqual([]);
    await stream.close();
    expect(clock.slept.slice(0, 3)).toEqual([500, 1_000, 30_000]);
    expect(states.filter(({ state }) => state === 'waiting')).toMatchObject([
      { reason: 'server-error', retryAt: 1_500 },
      { reason: 'server-error', retryAt: 2_000 },
      { reason: 'busy', retryAt: 31_000 },
    ]);
  });

  const refusals: [number, string][] = [
    [401, 'unauthorised'],
    [403, 'unauthorised'],
    [404, 'rejected'],
    [422, 'rejected'],
    [302, 'redirected'],
  ];
  it.each(refusals)('stops at %i and keeps everything', async (status, reason) => {
    const store = await storeWith('a');
    const { url, received } = await receiver([{ status, location: 'http://127.0.0.1:9/' }]);
    const stream = await startStream({ store, target: url, env: {}, signal: never });
    await expect.poll(() => stream.state.state).toBe('stopped');
    await stream.close();
    expect(stream.state).toMatchObject({ state: 'stopped', reason });
    expect(received).toHaveLength(1);
    expect(await waitingIds(store)).toEqual(['a']);
  });

  it('sends fewer at a time to a receiver that finds them too large', async () => {
    const store = await storeWith('a', 'b', 'c', 'd');
    const { url, received } = await receiver([{ status: 413 }, { status: 413 }]);
    const stream = await startStream({ store, target: url, env: {}, signal: never });
    await expect.poll(() => waitingIds(store)).toEqual([]);
    await stream.close();
    expect(received.map(({ ids }) => ids.length)).toEqual([4, 2, 1, 2, 1]);
    expect(received.slice(2).flatMap(({ ids }) => ids)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('stops where a single group is too large, and keeps it', async () => {
    const store = await storeWith('a');
    const { url } = await receiver([{ status: 413 }]);
    const stream = await startStream({ store, target: url, env: {}, signal: never });
    await expect.poll(() => stream.state).toMatchObject({ state: 'stopped', reason: 'too-large' });
    await stream.close();
    expect(await waitingIds(store)).toEqual(['a']);
  });

  it('takes a web page for no acknowledgement', async () => {
    const store = await storeWith('a');
    const { url } = await receiver([{ status: 200, type: 'text/html', body: '<html>Sign in</html>' }]);
    const stream = await startStream({ store, target: url, env: {}, signal: never });
    await expect.poll(() => stream.state).toMatchObject({ state: 'stopped', reason: 'rejected' });
    await stream.close();
    expect(await waitingIds(store)).toEqual(['a']);
  });

  it('ends at once when aborted, in the middle of a delivery too, and loses nothing', async () => {
    const store = await storeWith('a');
    const stop = new AbortController();
    const { url, received } = await receiver(['silence']);
    const stream = await startStream({ store, target: url, env: {}, signal: stop.signal });
    await expect.poll(() => received.length).toBe(1);
    const asked = performance.now();
    stop.abort();
    await stream.close();
    expect(performance.now() - asked).toBeLessThan(1_000);
    expect(await waitingIds(store)).toEqual(['a']);
  });

  it('goes on where the last stream ended', async () => {
    const store = await storeWith('a');
    const down = await receiver([{ status: 500 }, { status: 500 }]);
    await (await startStream({ store, target: down.url, env: {}, signal: never })).close();
    expect(await waitingIds(store)).toEqual(['a']);
    const up = await receiver([]);
    await (await startStream({ store, target: up.url, env: {}, signal: never })).close();
    expect(up.received.map(({ ids }) => ids)).toEqual([['a']]);
  });

  it('does not wait for a receiver that is not there when it is closed', async () => {
    const store = await storeWith('a');
    const { url, end } = await receiver([]);
    await end();
    const stream = await startStream({ store, target: url, env: {}, signal: never });
    const asked = performance.now();
    await stream.close();
    expect(performance.now() - asked).toBeLessThan(1_500);
    expect(await waitingIds(store)).toEqual(['a']);
  });
});

describe('a stream that cannot begin', () => {
  const bad: [string, string, Record<string, string>, StreamError['reason']][] = [
    ['another scheme', 'ftp://host/x', {}, 'bad-target'],
    ['a broken address', 'http://', {}, 'bad-target'],
    ['a password in the address', 'https://user:secret@host/x', {}, 'bad-target'],
    ['nothing', '', {}, 'bad-target'],
    ['a token in the clear', 'http://host.invalid/x', { AUTODIDACT_STREAM_TOKEN: 't' }, 'token'],
    [
      'a token that no header carries',
      'https://host.invalid/x',
      { AUTODIDACT_STREAM_TOKEN: 'a\nb' },
      'token',
    ],
  ];
  it.each(bad)('refuses %s', async (_, target, env, reason) => {
    const store = await storeWith();
    await expect(startStream({ store, target, env, signal: never })).rejects.toMatchObject({ reason });
  });
});
