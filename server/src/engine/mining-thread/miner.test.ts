import { readdirSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { openStore } from '../../store/open-store.ts';
import type { MineNews, MineRequest } from './messages.ts';
import { createMiner, type Miner, type MinerOptions } from './miner.ts';

vi.setConfig({ testTimeout: 60_000 });

const never = new AbortController().signal;

const source = (name: string, by: number) =>
  `def ${name}(x):\n    """\n    >>> ${name}(21)\n    """\n    return x * ${by}\n`;

function started(options: Partial<MinerOptions> = {}): Miner {
  const miner = createMiner({ env: {}, ...options });
  onTestFinished(() => miner.close());
  return miner;
}

/** A folder with a store, mined by a thread. */
async function workspace(files: Readonly<Record<string, string>>, miner = started()) {
  const folder = await temporaryFolder(files);
  const store = await openStore({ path: path.join(await temporaryFolder(), 'store.db') });
  onTestFinished(() => store.close());
  const request: MineRequest = {
    folder,
    files: null,
    exclude: [],
    sources: ['doctest'],
    split: { by: 'none' },
    maxFiles: 100,
    maxFileBytes: 10_000_000,
    python: 'python3',
    env: {},
    sandbox: { backend: 'pyodide', python: 'python3', packages: false },
    model: { 'ollama.host': '', 'model.name': '' },
  };
  const news: MineNews[] = [];
  const onNews = (each: MineNews) => void news.push(each);
  return {
    folder,
    store,
    news,
    miner,
    write: (file: string, text: string) => writeFile(path.join(folder, file), text),
    mine: (options: Partial<MineRequest> = {}, signal = never, its: Pick<typeof store, 'share'> = store) =>
      miner.mine(
        { ...request, ...options },
        { store: { path: store.path, share: its.share }, onNews },
        signal,
      ),
    outputs: async () => (await store.seeds()).map(({ entry, output }) => `${entry} gives ${output}`).sort(),
    splits: async () => [...new Set((await store.seeds()).map(({ split }) => split))].sort(),
  };
}

/** Whether the thread is there, and the states of the processes that this one has started: Z for those that are over. */
function running() {
  const tasks = readdirSync('/proc/self/task');
  const read = (file: string) => readFileSync(`/proc/${file}`, 'utf8').trim();
  const pids = tasks.flatMap((task) => read(`self/task/${task}/children`).split(' '));
  return {
    isMining: tasks.some((task) => read(`self/task/${task}/comm`).startsWith('autodidact-mini')),
    children: pids.filter((pid) => pid !== '').map((pid) => read(`${pid}/stat`).replace(/.*\) (.).*/, '$1')),
  };
}

describe('mining in the thread', () => {
  it('fills the store, and tells what it wrote before it tells that it ended', async () => {
    const { mine, store, news, outputs } = await workspace({
      'a.py': source('f', 2),
      'b.py': source('g', 3),
    });
    expect(await mine()).toEqual({
      outcome: 'mined',
      prepared: { files: 2, seeds: 2, tasks: 4, unworthy: {} },
    });
    expect(await outputs()).toEqual(['f gives 42', 'g gives 63']);
    const listed = news.flatMap((each) => (each.type === 'listed' ? each.tasks : []));
    expect(listed.map(({ id }) => id).sort()).toEqual((await store.tasks()).map(({ id }) => id).sort());
    expect(news.filter(({ type }) => type === 'sandbox')).toEqual([
      { type: 'sandbox', told: expect.stringMatching(/^pyodide /) },
    ]);
    expect(news).toContainEqual(expect.objectContaining({ type: 'progress', files: 2 }));
  });

  it('tells which tasks are of code that is gone', async () => {
    const { mine, write, news, store } = await workspace({ 'a.py': source('f', 2) });
    await mine();
    await write('a.py', source('f', 5));
    await mine({ files: ['a.py'] });
    const stale = (await store.tasks({ state: 'stale' })).map(({ id }) => id);
    expect(stale).toHaveLength(2);
    expect(news).toContainEqual({ type: 'state', ids: stale, state: 'stale' });
  });

  it('follows each option', async () => {
    const wide = `${source('wide', 4)}# ${'-'.repeat(2_000)}\n`;
    const called = 'def called(x):\n    return x + 1\n\n\ncalled(1)\n';
    const files = { 'a.py': source('f', 2), 'b.py': source('g', 3), 'wide.py': wide, 'called.py': called };
    const { miner } = await workspace(files);
    const of = async (options: Partial<MineRequest>) => {
      const { mine, outputs } = await workspace(files, miner);
      await mine(options);
      return (await outputs()).join(', ');
    };
    expect(await of({})).toBe('f gives 42, g gives 63, wide gives 84');
    expect(await of({ exclude: ['b.py'] })).toBe('f gives 42, wide gives 84');
    expect(await of({ maxFileBytes: 1_000 })).toBe('f gives 42, g gives 63');
    expect(await of({ files: ['b.py'] })).toBe('g gives 63');
    expect(await of({ sources: ['code'] })).toBe('called gives 2');
    expect(await of({ maxFiles: 1 })).toBe('f gives 42');
    const byDate = { by: 'commit-date', gateFrom: '2020-01-01', testFrom: '2021-01-01' } as const;
    const dated = await workspace(files, miner);
    await dated.mine({ split: byDate });
    expect(await dated.splits()).toEqual(['test']);
  });

  it('refuses what is no request, and goes on', async () => {
    const { mine } = await workspace({ 'a.py': source('f', 2) });
    const wrong = { maxFiles: 0, sources: ['nowhere'] } as unknown as Partial<MineRequest>;
    expect(await mine(wrong)).toMatchObject({ outcome: 'failed', problem: { reason: 'failed' } });
    expect(await mine()).toMatchObject({ outcome: 'mined' });
  });

  it('mines several folders at once', async () => {
    const one = await workspace({ 'a.py': source('f', 2) });
    const other = await workspace({ 'a.py': source('g', 3) }, one.miner);
    await Promise.all([one.mine(), other.mine()]);
    expect([await one.outputs(), await other.outputs()]).toEqual([['f gives 42'], ['g gives 63']]);
  });
});

describe('cancelled', () => {
  const many = Array.from({ length: 150 }, (_, n) => source(`f${n}`, n)).join('\n\n');

  it('it ends within a second and keeps what it found, and the thread goes on', async () => {
    const { mine, outputs, news } = await workspace({ 'many.py': many });
    const stop = new AbortController();
    const mining = mine({}, stop.signal);
    const listed = () => news.some(({ type }) => type === 'listed');
    await expect.poll(listed, { timeout: 30_000 }).toBe(true);
    const begun = performance.now();
    stop.abort();
    expect(await mining).toEqual({ outcome: 'cancelled' });
    expect(performance.now() - begun).toBeLessThan(1_000);
    if (process.platform === 'linux') expect(running().isMining).toBe(true);
    const found = (await outputs()).length;
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(150);
    expect(await mine({}, AbortSignal.abort())).toEqual({ outcome: 'cancelled' });
    expect(await mine()).toMatchObject({ outcome: 'mined', prepared: { seeds: 150 } });
  });

  it('a thread that does not hear of it is ended, and the next mining starts another one', async () => {
    const { mine } = await workspace({ 'a.py': source('f', 2) });
    const stop = new AbortController();
    // Nobody answers at the other end.
    const deaf = mine({}, stop.signal, { share: async () => new MessageChannel().port1 });
    await wait(500);
    const begun = performance.now();
    stop.abort();
    expect(await deaf).toEqual({ outcome: 'cancelled' });
    expect(performance.now() - begun).toBeLessThan(3_000);
    expect(await mine()).toMatchObject({ outcome: 'mined' });
  });
});

describe('a breakdown', () => {
  it('for want of memory fails that mining and loses nothing', async () => {
    const { folder, mine, write, outputs } = await workspace(
      { 'a.py': source('f', 2) },
      started({ heapMb: 64 }),
    );
    expect(await mine()).toMatchObject({ outcome: 'mined' });
    await write('huge.py', `huge = [${'(1, 2), '.repeat(500_000)}]\n`);
    expect(await mine()).toMatchObject({
      outcome: 'failed',
      problem: { reason: 'failed', detail: expect.stringContaining('more than 64 MB of memory') },
    });
    if (process.platform === 'linux') {
      // Their entries stay until this process ends: nobody who started them is left to take note of their end.
      const ended = { isMining: false, children: expect.not.arrayContaining(['S', 'R', 'D']) };
      await expect.poll(running).toEqual(ended);
    }
    expect(await outputs()).toEqual(['f gives 42']);
    await rm(path.join(folder, 'huge.py'));
    await write('b.py', source('g', 3));
    expect(await mine()).toMatchObject({ outcome: 'mined', prepared: { seeds: 2 } });
  });

  it('by an error fails all that is mined there, and says so', async () => {
    const { mine } = await workspace({ 'a.py': source('f', 2) });
    const none = { share: async () => new ArrayBuffer(1) as unknown as MessagePort };
    expect(await mine({}, never, none)).toMatchObject({
      outcome: 'failed',
      problem: { reason: 'failed', detail: expect.stringMatching(/^Mining broke down: .*Mine again\.$/) },
      text: expect.stringContaining('at '),
    });
    expect(await mine()).toMatchObject({ outcome: 'mined' });
  });
});

describe.runIf(process.platform === 'linux')('the thread', () => {
  it('ends with its sandbox after a while without work, and not before', async () => {
    const { mine } = await workspace({ 'a.py': source('f', 2) }, started({ idleMs: 2_000 }));
    const before = running();
    expect(before.isMining).toBe(false);
    await mine();
    expect(running()).toEqual({ isMining: true, children: expect.arrayContaining(['S']) });
    await expect.poll(running, { timeout: 10_000 }).toEqual(before);
    expect(await mine()).toMatchObject({ outcome: 'mined' });
  });

  it('ends with its server', async () => {
    const { mine, miner } = await workspace({ 'a.py': source('f', 2) });
    const before = running();
    await mine();
    await miner.close();
    await expect.poll(running).toEqual(before);
  });
});
