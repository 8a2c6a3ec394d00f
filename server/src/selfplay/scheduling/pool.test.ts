import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeOllama, startFakeOllama } from '../../../../test/fake-ollama/fake-ollama.ts';
import type { FakeScript } from '../../../../test/fake-ollama/script.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import { ModelError } from '../../model/model-error.ts';
import { ollamaEndpoint } from '../../model/ollama.ts';
import { PlayError } from '../play-error.ts';
import { drawGroup, onPolicy } from '../sampling.ts';
import { Pool, type PoolEvent } from './pool.ts';

const never = new AbortController().signal;
const model = { name: 'fake:latest', digest: 'd'.repeat(64) };
const patience = { totalMs: 600, firstMs: 20, longestMs: 100 };
const request = {
  model: 'fake',
  prompt: 'one',
  sampling: onPolicy(20),
  randomSeed: 3,
  ends: (text: string) => text.endsWith('\n'),
};
const question = { prompt: 'one', numPredict: 20, ends: request.ends };
const servers: FakeOllama[] = [];
const pools: Pool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(script: FakeScript = {}) {
  const server = await startFakeOllama({ models: [model], tokenMs: 5, ...script });
  servers.push(server);
  return { server, endpoint: ollamaEndpoint({ host: server.host }) };
}

function poolOf(
  members: readonly { readonly endpoint: Endpoint; readonly slots: number }[],
  events: PoolEvent[] = [],
  clear = () => Promise.resolve(),
): Pool {
  const pool = new Pool({ members, model, clear, onEvent: (event) => events.push(event), patience });
  pools.push(pool);
  return pool;
}

/** Draws a group and gives the prompts' order as its servers saw them. */
function group(pool: Pool, prompt: string, seeds = [1, 2, 3]) {
  return drawGroup(
    pool,
    model,
    { ...question, prompt },
    seeds,
    ({ randomSeed }) => Promise.resolve(randomSeed),
    never,
  );
}

function prompts({ requests }: FakeOllama): string[] {
  return requests.flatMap(({ body }) => (body?.logprobs === true ? [body.prompt] : []));
}

describe('a pool', () => {
  it('draws the siblings of a group one after another, and the next group only then, where there is one slot', async () => {
    const { server, endpoint } = await serve();
    const pool = poolOf([{ endpoint, slots: 1 }]);
    await Promise.all([group(pool, 'one'), group(pool, 'two'), group(pool, 'three')]);
    expect(prompts(server)).toEqual(['one', 'two', 'three'].flatMap((prompt) => [prompt, prompt, prompt]));
  });

  it('has as many groups drawn at once as there are slots, the next where there is most room', async () => {
    const [two, one] = [await serve({ tokenMs: 20 }), await serve({ tokenMs: 20 })];
    const pool = poolOf([
      { endpoint: two.endpoint, slots: 2 },
      { endpoint: one.endpoint, slots: 1 },
    ]);
    expect(pool.slots).toBe(3);
    const slots = await Promise.all([pool.reserve(never), pool.reserve(never), pool.reserve(never)]);
    let isGiven = false;
    const fourth = pool.reserve(never).then((slot) => {
      isGiven = true;
      return slot;
    });
    await wait(20);
    expect(isGiven).toBe(false);
    for (const slot of slots) slot.release();
    (await fourth).release();
    await Promise.all(['a', 'b', 'c'].map((prompt) => group(pool, prompt)));
    // A server that did more at once than it has slots would read a prompt in the cache of another.
    expect(new Set(prompts(one.server)).size).toBe(1);
    expect(new Set(prompts(two.server)).size).toBe(2);
  });

  it('gives the slot up before what samples still need is done', async () => {
    const { endpoint } = await serve();
    const pool = poolOf([{ endpoint, slots: 1 }]);
    const judging = Promise.withResolvers<number>();
    const first = drawGroup(pool, model, question, [1], () => judging.promise, never);
    await group(pool, 'next');
    judging.resolve(1);
    expect(await first).toEqual([1]);
  });

  it('takes a server that fails out, draws its group to the end elsewhere, and uses it again when it is back', async () => {
    let isBroken = false;
    const broken = await serve({
      fault: ({ body, path }) =>
        isBroken && (body?.logprobs === true || path === '/api/version')
          ? { fault: 'status', status: 500, body: '{"error":"died"}' }
          : undefined,
    });
    const good = await serve();
    const events: PoolEvent[] = [];
    const pool = poolOf(
      [
        { endpoint: broken.endpoint, slots: 1 },
        { endpoint: good.endpoint, slots: 1 },
      ],
      events,
    );
    const drawn: number[] = [];
    const seeds = await drawGroup(
      pool,
      model,
      question,
      [1, 2, 3],
      ({ randomSeed }) => {
        isBroken = true;
        drawn.push(randomSeed);
        return Promise.resolve(randomSeed);
      },
      never,
    ).catch((error: unknown) => error);
    // The model's digest at the end is asked of both: the first is away until it is back.
    expect(drawn).toEqual([1, 2, 3]);
    expect(seeds).toEqual([1, 2, 3]);
    expect(events).toMatchObject([{ type: 'outage' }]);
    expect(prompts(good.server)).toHaveLength(2);
    isBroken = false;
    await expect
      .poll(async () => {
        await Promise.all([group(pool, 'again'), group(pool, 'again')]);
        return prompts(broken.server).includes('again');
      })
      .toBe(true);
  });

  it('keeps what it has of a group over a restart of the only server', async () => {
    let failures = 2;
    const { server, endpoint } = await serve({
      fault: ({ body }) =>
        body?.logprobs === true && body.options.seed === 2 && failures-- > 0
          ? { fault: 'reset', afterLines: 0 }
          : undefined,
    });
    expect(await group(poolOf([{ endpoint, slots: 1 }]), 'one')).toEqual([1, 2, 3]);
    const asked = server.requests.flatMap(({ body }) => (body?.logprobs ? [body.options.seed] : []));
    expect(asked).toEqual([1, 2, 2, 2, 3]);
  });

  it('waits for a server before it renders a message, and is no busy loop meanwhile', async () => {
    let failures = 2;
    let asked = 0;
    const { endpoint } = await serve();
    const render: Endpoint['render'] = (...message) => {
      asked += 1;
      if (failures-- > 0) return Promise.reject(new ModelError('unreachable', 'away'));
      return endpoint.render(...message);
    };
    const events: PoolEvent[] = [];
    const pool = poolOf([{ endpoint: { ...endpoint, render }, slots: 1 }], events);
    expect(await pool.render('fake', 'hello', never)).toContain('hello');
    expect(asked).toBe(3);
    expect(events.map(({ type }) => type)).toEqual(['outage', 'outage']);
  });

  it('tells a request that fails everywhere, so that it ends nothing else', async () => {
    const { endpoint } = await serve({
      fault: ({ body }) =>
        body?.prompt === 'poison' ? { fault: 'status', status: 500, body: '{"error":"crash"}' } : undefined,
    });
    const pool = poolOf([{ endpoint, slots: 1 }]);
    await expect(group(pool, 'poison')).rejects.toSatisfy((error) => ModelError.is(error, 'http-error'));
    expect(await group(pool, 'good')).toEqual([1, 2, 3]);
  });

  it('ends with model-gone where no server comes back, for all that wait', async () => {
    const { server, endpoint } = await serve();
    const pool = poolOf([{ endpoint, slots: 1 }]);
    await server.close();
    const isGone = (error: unknown) => PlayError.is(error, 'model-gone');
    const waiting = pool.reserve(never).then((slot) => slot.sample(request, never));
    const behind = pool.reserve(never).then((slot) => slot.sample(request, never));
    await Promise.all([
      expect(waiting).rejects.toSatisfy(isGone),
      expect(behind).rejects.toSatisfy((error) => isGone(error) || ModelError.is(error)),
    ]);
    expect(pool.isUsable).toBe(false);
  });

  it('does not ask a server that has another model under the name', async () => {
    const [right, wrong] = [await serve(), await serve({ models: [{ ...model, digest: 'e' }] })];
    const events: PoolEvent[] = [];
    const pool = poolOf(
      [
        { endpoint: wrong.endpoint, slots: 5 },
        { endpoint: right.endpoint, slots: 1 },
      ],
      events,
    );
    await pool.begin(never);
    await Promise.all([group(pool, 'one'), group(pool, 'two')]);
    expect(prompts(wrong.server)).toEqual([]);
    expect(prompts(right.server)).toHaveLength(6);
    expect(events).toMatchObject([{ type: 'outage', detail: expect.stringContaining(wrong.server.host) }]);
  });

  it('discards the group over which a model was replaced, and goes on with the other server', async () => {
    const [changed, right] = [await serve(), await serve()];
    const events: PoolEvent[] = [];
    let isChanged = false;
    const endpoint: Endpoint = {
      ...changed.endpoint,
      model: async (name, signal) => {
        const info = await changed.endpoint.model(name, signal);
        return info && isChanged ? { ...info, digest: 'e' } : info;
      },
    };
    const pool = poolOf(
      [
        { endpoint, slots: 2 },
        { endpoint: right.endpoint, slots: 1 },
      ],
      events,
    );
    await pool.begin(never);
    const drawing = drawGroup(
      pool,
      model,
      question,
      [1, 2],
      () => {
        isChanged = true;
        return Promise.resolve(0);
      },
      never,
    );
    await expect(drawing).rejects.toSatisfy((error) => PlayError.is(error, 'model-changed'));
    expect(pool.isUsable).toBe(true);
    await group(pool, 'other');
    expect(prompts(changed.server)).not.toContain('other');
  });

  it('asks nothing new while the run is suspended, and stops waiting at once', async () => {
    const { server, endpoint } = await serve();
    const suspended = Promise.withResolvers<void>();
    const pool = poolOf([{ endpoint, slots: 1 }], [], () => suspended.promise);
    const drawing = group(pool, 'one');
    await wait(30);
    expect(server.requests).toEqual([]);
    suspended.resolve();
    await drawing;
    const slot = await pool.reserve(never);
    const stop = new AbortController();
    const waiting = pool.reserve(stop.signal);
    stop.abort(new RangeError('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    slot.release();
    expect(await group(pool, 'after')).toEqual([1, 2, 3]);
  });
});
