import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { startTrainer } from './start-trainer.ts';
import { trainerPython } from './trainer-python.ts';

const never = new AbortController().signal;
const readyLine = `console.log(JSON.stringify({ service: 'autodidact-trainer', host: '127.0.0.1', port: 4711 }));`;
const withParent = `process.stdin.resume().on('end', () => process.exit(0));`;

/** A program in place of Python that runs this text, and starts as the trainer would be. */
async function started(program: string, signal = never, startMs = 20_000) {
  const folder = await temporaryFolder();
  const python = path.join(folder, 'python');
  await writeFile(python, `#!${process.execPath}\n${program}\n`);
  await chmod(python, 0o755);
  const data = path.join(folder, 'data');
  const env = { PATH: process.env['PATH'], HOME: folder, OPENAI_API_KEY: 'k', https_proxy: 'http://p' };
  const start = () =>
    startTrainer({ python, data, ollamaModels: '/models', env, package: '/package', startMs }, signal);
  return { data, start };
}

describe.skipIf(process.platform === 'win32')('a trainer that we start', () => {
  it('is given what it needs, and a token that only its owner can read', async () => {
    const tell = `require('node:fs').writeFileSync('told', JSON.stringify({ args: process.argv.slice(2), env: process.env }));`;
    const { data, start } = await started(`${tell}${readyLine}${withParent}`);
    const trainer = await start();
    expect(trainer.address).toBe('http://127.0.0.1:4711');
    const token = path.join(data, 'token');
    const { args, env } = JSON.parse(await readFile(path.join(data, 'told'), 'utf8'));
    expect(args).toEqual([
      ...['-m', 'autodidact_trainer.service', '--with-parent', '--data', data],
      ...['--ollama-models', '/models', '--token-file', token],
    ]);
    expect(env).toMatchObject({ PYTHONPATH: '/package', HF_HUB_OFFLINE: '1' });
    expect(Object.keys(env)).not.toEqual(expect.arrayContaining(['OPENAI_API_KEY']));
    expect(Object.keys(env)).not.toEqual(expect.arrayContaining(['https_proxy']));
    expect((await stat(token)).mode & 0o777).toBe(0o600);
    expect((await stat(data)).mode & 0o777).toBe(0o700);
    expect(trainer.env).toEqual({ AUTODIDACT_TRAINER_TOKEN: (await readFile(token, 'utf8')).trim() });
    expect(trainer.env['AUTODIDACT_TRAINER_TOKEN']).toMatch(/^[0-9a-f]{64}$/);
    await trainer.close();
    expect(await trainer.ended).toContain('(ended: 0)');
  });

  it('has another token each time', async () => {
    const { start } = await started(`${readyLine}${withParent}`);
    const [one, other] = [await start(), await start()];
    expect(one.env).not.toEqual(other.env);
    await Promise.all([one.close(), other.close()]);
  });

  it('is killed at once after an interruption, whatever it does', async () => {
    const stop = new AbortController();
    const { start } = await started(
      `process.on('SIGTERM', () => undefined);${readyLine}setInterval(() => undefined, 1e6);`,
      stop.signal,
    );
    const trainer = await start();
    stop.abort();
    const begun = performance.now();
    await trainer.close();
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(await trainer.ended).toContain('SIGKILL');
  });

  it.each([
    ['ends at once', `console.error('No module named fastapi'); process.exit(1);`, /fastapi\n\(ended: 1\)/],
    ['says nothing', `${withParent}`, /not ready after 0\.5 s/],
    ['says something else', `console.log('hello');${withParent}`, /began with 'hello'/],
    [
      'says more than a line',
      `process.stdout.write('x'.repeat(10_000));${withParent}`,
      /began with 'x{100}'/,
    ],
  ])('that %s has not started, and is gone', async (_, program, message) => {
    const { start } = await started(program, never, program.includes('exit(1)') ? 20_000 : 500);
    await expect(start()).rejects.toMatchObject({
      reason: 'no-start',
      message: expect.stringMatching(message),
    });
  });

  it('that ends while it is needed says so, with its last words', async () => {
    const { start } = await started(
      `${readyLine}setTimeout(() => { console.error('Out of memory'); process.exit(3); }, 100);`,
    );
    const { gone, ended, close } = await start();
    await ended;
    expect(gone.reason).toMatchObject({
      reason: 'ended',
      message: expect.stringMatching(/Out of memory\n\(ended: 3\)\nTrain again/),
    });
    await close();
  });

  it('that is interrupted before it is ready is gone', async () => {
    const { start } = await started(withParent, AbortSignal.timeout(200));
    await expect(start()).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('cannot be started with what is no program', async () => {
    const { data } = await started('');
    const options = { python: '/nowhere/python', data, ollamaModels: '/models', env: {} };
    await expect(startTrainer(options, never)).rejects.toMatchObject({ reason: 'no-start' });
  });
});

describe('the Python of the trainer', () => {
  it('is the one that was named', async () => {
    const folder = await temporaryFolder({ python: '' });
    expect(await trainerPython(path.join(folder, 'python'), {})).toBe(path.join(folder, 'python'));
    await expect(trainerPython(path.join(folder, 'none'), {})).rejects.toMatchObject({ reason: 'no-python' });
  });

  it('else that of the newest complete environment in the cache', async () => {
    const cache = await temporaryFolder({
      'trainer/one/bin/python': '',
      'trainer/one/complete': '',
      'trainer/half/bin/python': '',
    });
    const env = { AUTODIDACT_CACHE: cache };
    expect(await trainerPython(undefined, env, 'linux')).toBe(path.join(cache, 'trainer/one/bin/python'));
    const empty = { AUTODIDACT_CACHE: await temporaryFolder() };
    await expect(trainerPython(undefined, empty)).rejects.toMatchObject({ reason: 'no-python' });
  });
});
