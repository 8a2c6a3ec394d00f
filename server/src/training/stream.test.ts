import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SolveGroup } from '../../../protocol/group.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { startStream } from './stream.ts';
import { StreamError } from './stream-error.ts';

let folder = '';
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'autodidact-stream-'));
  store = await openStore({ path: path.join(folder, 'store.db') });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

function group(id: string): SolveGroup {
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
  const sampling = { temperature: 1, topK: 0, topP: 1, minP: 0, repeatPenalty: 1, numPredict: 8, numCtx: 64 };
  return {
    schema: 1,
    id,
    runId: 'run',
    role: 'solve',
    taskId: 'task',
    kind: 'deduction',
    form: 'session',
    promptVersion: 'p',
    prompt: '>>> f(1)\n',
    model: { name: 'm', digest: 'd' },
    sampling,
    trainable: true,
    notTrainable: null,
    unit,
    backend: { name: 'pyodide', version: '1', python: '3.14.2' },
    createdAt: '2026-01-01T00:00:00.000Z',
    samples: [],
  };
}

async function put(...ids: string[]): Promise<void> {
  for (const id of ids) await store.commitGroup(group(id), { stream: true });
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await holds()); waited += 20) {
    if (waited > 15_000) throw new Error('It did not come true in time.');
    await wait(20);
  }
}

async function idsIn(file: string): Promise<string[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => (JSON.parse(line) as { id: string }).id);
}

describe('a stream to a file', () => {
  it('appends each group once, in order, and empties the outbox', async () => {
    const file = path.join(folder, 'out.ndjson');
    await put('a', 'b');
    const stream = await startStream({ store, target: file, env: {} });
    await put('c');
    await stream.close();
    expect(await idsIn(file)).toEqual(['a', 'b', 'c']);
    expect(await store.outgoing(10)).toEqual([]);
  });

  it('mends a half-written line and does not repeat what a crash left unacknowledged', async () => {
    const file = path.join(folder, 'out.ndjson');
    await put('a', 'b');
    await writeFile(file, `${JSON.stringify(group('a'))}\n`);
    await appendFile(file, JSON.stringify(group('b')).slice(0, 40));
    await (await startStream({ store, target: file, env: {} })).close();
    expect(await idsIn(file)).toEqual(['a', 'b']);
  });

  it('says where it cannot write', async () => {
    const target = path.join(folder, 'no', 'such', 'folder');
    await expect(startStream({ store, target, env: {} })).rejects.toSatisfy((error) =>
      StreamError.is(error, 'cannot-write'),
    );
  });
});

describe('a stream to an address', () => {
  const received: string[] = [];
  const tokens: (string | undefined)[] = [];
  let answers: ((response: http.ServerResponse) => void)[] = [];
  let server: http.Server;
  let target = '';

  beforeEach(async () => {
    received.length = 0;
    tokens.length = 0;
    server = http.createServer((request, response) => {
      let body = '';
      tokens.push(request.headers.authorization);
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        const answer = answers.shift() ?? ((good: http.ServerResponse) => good.writeHead(204).end());
        answer(response);
        for (const line of body.split('\n').filter((text) => text !== ''))
          received.push((JSON.parse(line) as { id: string }).id);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    target = `http://127.0.0.1:${(server.address() as AddressInfo).port}/groups`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('sends each group with the token, and again after a failure, so that none is lost', async () => {
    answers = [(bad) => bad.writeHead(503).end(), (gone) => gone.destroy()];
    await put('a', 'b');
    const stream = await startStream({ store, target, env: { AUTODIDACT_TOKEN: 'secret' } });
    await until(async () => (await store.outgoing(10)).length === 0);
    await stream.close();
    expect(new Set(received)).toEqual(new Set(['a', 'b']));
    expect(new Set(tokens)).toEqual(new Set(['Bearer secret']));
  });

  it('stops and keeps everything where the trainer will never take it', async () => {
    answers = [(unauthorized) => unauthorized.writeHead(401).end()];
    await put('a');
    const stream = await startStream({ store, target, env: {} });
    await until(() => stream.state().state === 'stopped');
    await stream.close();
    expect(stream.state()).toMatchObject({ detail: expect.stringContaining('token') });
    expect(await store.outgoing(10)).toHaveLength(1);
  });

  it('refuses what is no address, and tokens in addresses', async () => {
    for (const bad of ['ftp://host/x', 'https://user:secret@host/x']) {
      await expect(startStream({ store, target: bad, env: {} })).rejects.toSatisfy((error) =>
        StreamError.is(error, 'bad-target'),
      );
    }
  });
});
