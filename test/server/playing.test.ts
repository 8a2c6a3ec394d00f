import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mineFolder, modelsList, playPause, playStart, tasksTree } from '../../protocol/messages.ts';
import { openStore } from '../../server/src/store/open-store.ts';
import type { Store } from '../../server/src/store/store.ts';
import { storePath } from '../../server/src/store/store-path.ts';
import { type FakeOllama, startFakeOllama } from '../fake-ollama/fake-ollama.ts';
import type { FakeScript } from '../fake-ollama/script.ts';
import { servedModel, startFakeOpenai } from '../support/fake-openai.ts';
import { storeProcess } from '../support/store-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { folderUri, openServer, type TestClient } from './language-server.ts';
import { useSandbox } from './use-sandbox.ts';

const python = `def double(x):
    """
    >>> double(21)
    42
    >>> double(4)
    8
    """
    return x * 2
`;

const { parts } = useSandbox();
const chosen = { model: { name: 'fake:latest' } };

describe('starting', () => {
  it('plays what was mined, counts what the model did, and pauses within a second', async () => {
    const { client, store, ollama } = await ready({ complete: () => '42\n' });
    expect(await client.ask(playStart, {})).toEqual({ outcome: 'started' });
    await client.status((status) => status.state === 'playing' && status.attempts > 0 && status.right > 0);

    const asked = performance.now();
    await client.ask(playPause, {});
    expect(performance.now() - asked).toBeLessThan(1_000);
    await client.status((status) => status.state === 'paused' && status.by === 'person');
    const sent = ollama.requests.length;
    await Promise.all(ollama.requests.map(({ ended }) => ended));
    await wait(300);
    expect(ollama.requests.length).toBe(sent);

    const groups = await store.groups({ role: 'solve' });
    expect(groups.length).toBeGreaterThan(0);
    expect(await store.runs()).toMatchObject([{ state: 'interrupted', reason: 'stopped' }]);
    const [file] = await client.ask(tasksTree, { parent: null });
    const verdicts = groups.flatMap((group) => group.samples.map(({ verdict }) => verdict.verdict));
    const right = verdicts.filter((verdict) => verdict === 'right').length;
    expect(file).toMatchObject({ type: 'file', record: { attempts: verdicts.length, right } });
  });

  it('asks the servers that the settings name instead of Ollama', async () => {
    const team = await startFakeOpenai({ models: [servedModel('fake:latest')], key: 'secret' });
    onTestFinished(() => team.close());
    const settings = {
      model: { name: 'fake:latest', endpoints: [`openai+${team.host}?slots=3&key=TEAM_KEY`] },
    };
    const { client, ollama, store } = await ready({}, settings, { TEAM_KEY: 'secret' });
    expect(await client.ask(playStart, {})).toEqual({ outcome: 'started' });
    await client.status((status) => status.state === 'playing' && status.attempts > 0);
    await client.ask(playPause, {});
    expect(ollama.requests).toEqual([]);
    const [group] = await store.groups();
    expect(group).toMatchObject({ trainable: true, model: { digest: expect.stringMatching(/^told-/) } });
    expect(JSON.stringify(await store.runs())).not.toContain('secret');
  });

  it('waits in quiet hours, says so, and can be paused then', async () => {
    const { client, store, ollama } = await ready({}, { ...chosen, selfPlay: { quietHours: '00:00-00:00' } });
    expect(await client.ask(playStart, {})).toEqual({ outcome: 'started' });
    await client.status((status) => status.state === 'playing' && status.suspended === 'quiet-hours');
    expect(ollama.requests.filter(({ path }) => path === '/api/generate')).toEqual([]);
    await client.ask(playPause, {});
    await client.status((status) => status.state === 'paused' && status.by === 'person');
    expect(await store.groups()).toEqual([]);
  });

  it('goes on with the same run after a pause', async () => {
    const { client, store } = await ready();
    for (const _ of ['first', 'second']) {
      const before = client.statuses.length;
      expect(await client.ask(playStart, {})).toEqual({ outcome: 'started' });
      await client.status(
        (status) => status.state === 'playing' && client.statuses.indexOf(status) >= before,
      );
      await client.ask(playPause, {});
    }
    expect(await store.runs()).toHaveLength(1);
  });

  it('pauses within a second while the model hangs', async () => {
    const { client, ollama } = await ready({
      fault: ({ path }) => (path === '/api/generate' ? { fault: 'stall', afterLines: 0 } : undefined),
    });
    await client.ask(playStart, {});
    await expect.poll(() => ollama.requests.some(({ path }) => path === '/api/generate')).toBe(true);
    const asked = performance.now();
    await client.ask(playPause, {});
    expect(performance.now() - asked).toBeLessThan(1_000);
    expect(await ollama.requests.findLast(({ path }) => path === '/api/generate')?.ended).toBe('closed');
  });
});

describe('what stands in the way', () => {
  it('is that nothing was mined', async () => {
    const client = await openServer({ folders: [await temporaryFolder()], settings: chosen, parts });
    expect(await client.ask(playStart, {})).toEqual({ outcome: 'no-tasks' });
  });

  it('is that no model was chosen: those that there are are offered, and none is taken', async () => {
    const { client, ollama } = await ready({ models: [{ name: 'one:1b' }, { name: 'two:2b' }] }, {});
    expect(await client.ask(playStart, {})).toEqual({
      outcome: 'choose-model',
      models: ['one:1b', 'two:2b'],
    });
    expect(ollama.requests.some(({ path }) => path === '/api/generate')).toBe(false);
    expect(await client.ask(modelsList, {})).toMatchObject({
      outcome: 'models',
      models: ['one:1b', 'two:2b'],
    });
  });

  it('is that the model is not there', async () => {
    const { client } = await ready({}, { model: { name: 'gone:7b' } });
    expect(await client.ask(playStart, {})).toMatchObject({ outcome: 'problem', reason: 'model-missing' });
    const status = await client.status(({ state }) => state === 'problem');
    expect(status).toMatchObject({ reason: 'model-missing', detail: expect.stringContaining('gone:7b') });
  });

  it('is that no Ollama answers', async () => {
    const { client, ollama } = await ready();
    await ollama.close();
    const result = await client.ask(playStart, {});
    expect(result).toMatchObject({ outcome: 'problem', reason: 'ollama-not-installed' });
    await client.status((status) => status.state === 'problem' && status.reason === 'ollama-not-installed');
  });

  it('is another process that plays, until a person takes over', async () => {
    const { client, store } = await ready();
    const other = storeProcess(store.path, 'lease');
    await expect.poll(() => other.lines, { timeout: 10_000 }).toEqual(['held']);
    expect(await client.ask(playStart, {})).toEqual({ outcome: 'other-player' });
    await client.status((status) => status.state === 'paused' && status.by === 'other-player');
    expect(await client.ask(playStart, { takeOver: true })).toEqual({ outcome: 'started' });
    await expect.poll(() => other.lines, { timeout: 5_000 }).toEqual(['held', 'lost']);
    await client.ask(playPause, {});
  });

  it('is, in the middle of a run, another process that takes over', async () => {
    const { client, store } = await ready();
    await client.ask(playStart, {});
    const other = storeProcess(store.path, 'take-over');
    await client.status((status) => status.state === 'paused' && status.by === 'other-player');
    expect(other.lines[0]).toBe('held');
    expect((await store.runs()).at(-1)).toMatchObject({ state: 'interrupted', reason: 'taken-over' });
  });
});

/** A server whose folder was mined, a model to play with, and the store to look into. */
async function ready(
  script: FakeScript = {},
  settings: Readonly<Record<string, unknown>> = chosen,
  env: Readonly<Record<string, string>> = {},
): Promise<{ client: TestClient; ollama: FakeOllama; store: Store }> {
  const ollama = await startFakeOllama(script);
  onTestFinished(() => ollama.close().catch(() => undefined));
  const folder = await temporaryFolder({ 'maths.py': python });
  const client = await openServer({
    folders: [folder],
    settings,
    env: { OLLAMA_HOST: ollama.host, ...env },
    parts,
  });
  await client.ask(mineFolder, { folder: folderUri(folder) });
  const store = await openStore({
    path: await storePath(folder, { env: { XDG_DATA_HOME: client.dataHome } }),
  });
  onTestFinished(() => store.close());
  return { client, ollama, store };
}
