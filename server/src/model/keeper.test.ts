import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type FakeProgram, fakeOllamaProgram, freePort } from '../../../test/support/fake-ollama-program.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { takeKeeperLock } from './keeper-lock.ts';
import { keeperPlace } from './keeper-protocol.ts';

/** How long the last of our processes may be gone before everything else is, milliseconds. */
const allGoneMs = 10_000;

const holder = path.resolve(import.meta.dirname, '../../../test/support/hold-ollama.ts');

describe.runIf(process.platform !== 'win32')('the keeper', () => {
  let program: FakeProgram;
  let env: NodeJS.ProcessEnv;
  let host = '';

  beforeEach(async () => {
    const folder = await temporaryFolder();
    program = await fakeOllamaProgram(folder, 'serves');
    const port = await freePort();
    host = `http://127.0.0.1:${port}`;
    env = {
      ...process.env,
      PATH: `${program.folder}:/usr/bin:/bin`,
      OLLAMA_HOST: `127.0.0.1:${port}`,
      AUTODIDACT_CACHE: path.join(folder, 'cache'),
    };
    // Also where a test fails, nothing of it may stay.
    onTestFinished(async () => {
      for (const pid of await pids()) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
    });
  });

  /** Starts a process that holds Ollama; resolves once it does. */
  async function hold(...args: string[]): Promise<ChildProcess> {
    const child = spawn(process.execPath, [holder, ...args], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    await Promise.race([
      once(child.stdout, 'data'),
      once(child, 'exit').then(() => Promise.reject(new Error('the holder ended'))),
    ]);
    return child;
  }

  const pids = async () => (await program.starts()).flatMap((start) => start.pids);
  const isAnyRunning = async () => (await pids()).some(isRunning);

  async function expectAllGone(): Promise<void> {
    for (const giveUp = Date.now() + allGoneMs; Date.now() < giveUp && (await isAnyRunning()); )
      await wait(50);
    expect((await pids()).filter(isRunning)).toEqual([]);
  }

  it('starts one Ollama for two processes, and ends it and its runner with the last of them', async () => {
    const [one, other] = await Promise.all([hold(), hold()]);
    expect(await program.starts()).toHaveLength(1);
    one?.stdin?.end();
    await once(one as ChildProcess, 'exit');
    await wait(2_500);
    expect((await pids()).every(isRunning)).toBe(true);
    other?.stdin?.end();
    await expectAllGone();
  });

  it('starts it on loopback, with one slot, no cloud, its own models and lower priority', async () => {
    await hold();
    const [start] = await program.starts();
    expect(start).toMatchObject({
      args: ['serve'],
      env: { OLLAMA_HOST: host.slice('http://'.length), OLLAMA_NUM_PARALLEL: '1', OLLAMA_NO_CLOUD: '1' },
    });
    expect(start?.env['OLLAMA_MODELS']).toBeUndefined();
    expect(start?.nice).toBeGreaterThan(0);
  });

  it('ends everything when its clients are killed', async () => {
    const children = await Promise.all([hold(), hold()]);
    for (const child of children) child.kill('SIGKILL');
    await expectAllGone();
  });

  it('takes everything with it when it is killed itself, and the next one starts anew', async () => {
    const child = await hold();
    process.kill(await keeperPid(child), 'SIGKILL');
    await expectAllGone();
    await hold();
    expect(await program.starts()).toHaveLength(2);
  });

  it('goes on while a second process joins within the grace time', async () => {
    const first = await hold();
    first.kill('SIGKILL');
    await once(first, 'exit');
    await hold();
    await wait(2_500);
    expect(await program.starts()).toHaveLength(1);
    expect((await pids()).every(isRunning)).toBe(true);
  });

  it('leaves Ollama running where that was asked for, until it is told to end', async () => {
    const child = await hold('keep');
    const keeper = await keeperPid(child);
    child.kill('SIGKILL');
    await wait(2_500);
    expect((await pids()).every(isRunning)).toBe(true);
    process.kill(keeper, 'SIGTERM');
    await expectAllGone();
  });

  it('ends when Ollama does, and the next process starts both anew', async () => {
    await hold();
    process.kill((await pids())[0] ?? 0, 'SIGKILL');
    await expectAllGone();
    await hold();
    expect(await program.starts()).toHaveLength(2);
  });
});

describe('the place of a keeper', () => {
  it('is in the cache, and one for each address', () => {
    const place = keeperPlace('http://127.0.0.1:1', '/cache', 'linux');
    expect(place.folder).toBe('/cache/run');
    expect(keeperPlace('http://127.0.0.1:2', '/cache', 'linux').socket).not.toBe(place.socket);
    expect(keeperPlace('http://127.0.0.1:1', '/other', 'linux').lock).not.toBe(place.lock);
  });

  it('never makes the path of a socket too long', () => {
    const place = keeperPlace('http://127.0.0.1:1', `/${'deep/'.repeat(40)}`, 'linux');
    expect(place.socket.length).toBeLessThanOrEqual(100);
  });

  it('listens on a named pipe on Windows', () => {
    expect(keeperPlace('http://127.0.0.1:1', 'C:\\cache', 'win32').socket).toMatch(
      /^\\\\\.\\pipe\\autodidact-/,
    );
  });
});

describe('the lock of a keeper', () => {
  it('is held by one process, and free again when that one is killed', async () => {
    const folder = await temporaryFolder();
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, 'a.lock');
    const module = new URL('./keeper-lock.ts', import.meta.url).href;
    const code = `import { takeKeeperLock } from ${JSON.stringify(module)};
      globalThis.lock = takeKeeperLock(${JSON.stringify(file)}); console.log('held'); setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    expect(takeKeeperLock(file)).toBeUndefined();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = takeKeeperLock(file);
    expect(lock).toBeDefined();
    lock?.release();
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The keeper that a process started: its one child. */
async function keeperPid({ pid }: ChildProcess): Promise<number> {
  const ps = spawn('pgrep', ['-P', String(pid)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const text of ps.stdout.setEncoding('utf8')) said += text;
  return Number(said.trim().split('\n')[0]);
}
