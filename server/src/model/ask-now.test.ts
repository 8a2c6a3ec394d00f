import { afterEach, describe, expect, it } from 'vitest';
import { type FakeOllama, startFakeOllama } from '../../../test/fake-ollama/fake-ollama.ts';
import type { FakeScript } from '../../../test/fake-ollama/script.ts';
import { drawGroup, onPolicy } from '../selfplay/sampling.ts';
import { Pool, type PoolEvent } from '../selfplay/scheduling/pool.ts';
import { askNow } from './ask-now.ts';
import type { Endpoint } from './endpoint.ts';
import { ollamaEndpoint } from './ollama.ts';

const never = new AbortController().signal;
const servers: FakeOllama[] = [];
const pools: Pool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A server whose long answers to batch prompts take seconds, and whose answers to a person are short. */
async function serve(script: FakeScript = {}) {
  const complete = ({ prompt }: { readonly prompt: string }) =>
    prompt === 'person' ? 'yes\n' : 'word '.repeat(100);
  const server = await startFakeOllama({ complete, tokenMs: 10, ...script });
  servers.push(server);
  return { server, endpoint: ollamaEndpoint({ host: server.host }) };
}

function poolOf(endpoint: Endpoint, digest: string, onEvent: (event: PoolEvent) => void): Pool {
  const model = { name: 'fake:latest', digest };
  const clear = () => Promise.resolve();
  const pool = new Pool({ members: [{ endpoint, slots: 1 }], model, clear, onEvent });
  pools.push(pool);
  return pool;
}

const question = {
  model: 'fake',
  prompt: 'person',
  sampling: onPolicy(20),
  randomSeed: 3,
  ends: (text: string) => text.endsWith('\n'),
};

describe('a person who asks while a group is drawn', () => {
  it('is answered first: the batch sample is ended at its socket and asked again with another random seed', async () => {
    const { server, endpoint } = await serve();
    const digest = (await endpoint.model('fake', never))?.digest ?? '';
    const events: PoolEvent[] = [];
    const pool = poolOf(endpoint, digest, (event) => events.push(event));
    const batch = { prompt: 'batch', numPredict: 40, ends: () => false };
    const order: string[] = [];
    const drawing = drawGroup(
      pool,
      { name: 'fake:latest', digest },
      batch,
      [1, 2],
      (drawn) => {
        order.push('sample');
        return Promise.resolve(drawn.randomSeed);
      },
      never,
    );
    const asked = () => server.requests.filter(({ body }) => body?.prompt === 'batch');
    await expect.poll(() => asked().length).toBe(1);
    const begun = performance.now();
    let firstMs = 0;
    const answer = await askNow(
      [endpoint],
      question,
      () => {
        if (firstMs === 0) order.push('first token');
        firstMs ||= performance.now() - begun;
      },
      never,
    );
    expect(answer.text).toBe('yes\n');
    expect(firstMs).toBeLessThan(1_000);
    expect(await asked()[0]?.ended).toBe('closed');
    const seeds = await drawing;
    expect(order).toEqual(['first token', 'sample', 'sample']);
    expect(events).toEqual([{ type: 'preempted', host: endpoint.host }]);
    // The given-up sample is in no group; the group still has as many as it was to have.
    expect(seeds).toHaveLength(2);
    expect(seeds[0]).not.toBe(1);
    expect(seeds[1]).toBe(2);
    expect(asked().map(({ body }) => body.options.seed)).toEqual([1, ...seeds]);
    const paths = server.requests.filter(({ path }) => path === '/api/generate');
    const person = paths.findIndex(({ body }) => body.prompt === 'person');
    expect(paths.slice(0, person).filter(({ body }) => body.prompt === 'batch')).toHaveLength(1);
  });

  it('is answered by a server with nothing to do, where there is one', async () => {
    const [busy, idle] = [await serve(), await serve()];
    const digest = (await busy.endpoint.model('fake', never))?.digest ?? '';
    const events: PoolEvent[] = [];
    const pool = poolOf(busy.endpoint, digest, (event) => events.push(event));
    const drawing = pool.sample({ ...question, prompt: 'batch', ends: () => false }, never);
    await expect.poll(() => busy.server.requests.some(({ body }) => body?.prompt === 'batch')).toBe(true);
    await askNow([busy.endpoint, idle.endpoint], question, () => undefined, never);
    await drawing;
    expect(events).toEqual([]);
    expect(idle.server.requests.some(({ body }) => body?.prompt === 'person')).toBe(true);
  });

  it('is answered by another server where the first is gone', async () => {
    const [gone, there] = [await serve(), await serve()];
    await gone.server.close();
    const answer = await askNow([gone.endpoint, there.endpoint], question, () => undefined, never);
    expect(answer.text).toBe('yes\n');
  });
});
