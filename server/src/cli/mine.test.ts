import { PassThrough, Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Seed } from '../../../protocol/seed.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { createSandbox } from '../sandbox/create-sandbox.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { mineCommand } from './mine.ts';

const never = new AbortController().signal;
let sandbox: Sandbox;
let closed = 0;

beforeAll(async () => {
  sandbox = await createSandbox({}, never);
  // All of its images start now, not in the time of the first test.
  await sandbox.verify({ program: 'def f(): return 1\n', entry: 'f', call: [] }, never);
}, 60_000);
afterAll(() => sandbox.close());

/** The sandbox is shared by the tests: a command closes it, and it is used again. */
const openSandbox = async (): Promise<Sandbox> => ({
  ...sandbox,
  close: async () => {
    closed++;
  },
});

/** Runs `autodidact mine` with these arguments, without calls that are made up. */
async function run(args: readonly string[], signal = never, stdout: Writable = new PassThrough()) {
  const stderr = new PassThrough();
  const context = { stdin: Readable.from([]), stdout, stderr, cwd: '/', env: {}, signal };
  const error = await mineCommand(context, openSandbox)
    .exitOverride()
    .parseAsync([...args, '--sources', 'doctest,test,code'], { from: 'user' })
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  stdout.end();
  stderr.end();
  return { error, out: stdout instanceof PassThrough ? await text(stdout) : '', err: await text(stderr) };
}

const files = {
  'a.py': 'def f(x):\n    return x + 1\n\nf(1)\nf(2)\n\ndef g(x): return open(x)\ng(1)\n',
  'b.py': 'def h(: pass\n',
};

describe('autodidact mine', () => {
  it('writes seeds as lines, and for people what was lost and why', async () => {
    const { error, out, err } = await run([await temporaryFolder(files), '--ndjson']);
    expect(error).toBeUndefined();
    const seeds = out
      .trim()
      .split('\n')
      .map((line) => Seed.parse(JSON.parse(line)));
    expect(seeds.map(({ entry, call, output }) => `${entry}${call} = ${output}`)).toEqual([
      'f(1,) = 2',
      'f(2,) = 3',
    ]);
    expect(err).toContain('2 seeds from 1 of 2 functions and methods in 1 file.');
    expect(err).toContain('1  syntax: does not parse as Python 3');
    expect(err).toContain('1  does-io: reads or changes something outside of itself');
  });

  it('lists the functions otherwise', async () => {
    const { out } = await run([await temporaryFolder(files)]);
    expect(out).toBe('2\ta.py:1\tf\n');
  });

  it.each([
    ['there are no Python files', { 'README.md': '', 'venv/pyvenv.cfg': '' }, 'no Python files'],
    ['all of them are passed over', { '.gitignore': '*.py', 'a.py': '' }, '1 file or folder'],
  ])('says what is missing where %s', async (_, given, message) => {
    const { error, out } = await run([await temporaryFolder(given)]);
    expect(error).toMatchObject({ reason: 'missing', message: expect.stringContaining(message) });
    expect(out).toBe('');
  });

  it('says what is missing where the folder is not there, or is a file', async () => {
    const folder = await temporaryFolder(files);
    expect((await run([`${folder}/none`])).error).toMatchObject({ reason: 'missing' });
    expect((await run([`${folder}/a.py`])).error).toMatchObject({ reason: 'missing' });
  });

  it('takes only days that there are', async () => {
    const folder = await temporaryFolder(files);
    const { error } = await run([folder, '--split', 'commit-date:2025-02-30,2025-06-01']);
    expect(error).toMatchObject({ code: 'commander.invalidArgument' });
    expect((await run([folder, '--split', 'commit-date:2025-02-28,2025-06-01'])).error).toBeUndefined();
  });

  it('stops within a second, tells what is done, and closes the sandbox', async () => {
    const loops = Array.from(
      { length: 30 },
      (_, n) => `def f${n}(x):\n    while x: pass\nf${n}(${n + 1})\n`,
    ).join('');
    const folder = await temporaryFolder({ 'a.py': `def first(x): return x\nfirst(1)\n${loops}` });
    const abort = new AbortController();
    closed = 0;
    let aborted = 0;
    // Once the first seed is written, while loops run.
    const stdout = new Writable({
      write: (_chunk, _encoding, done) => {
        aborted = performance.now();
        abort.abort();
        done();
      },
    });
    const { error, err } = await run([folder, '--ndjson', '--split', 'none'], abort.signal, stdout);
    expect(performance.now() - aborted).toBeLessThan(1_000);
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(err).toContain('1 seed from 1 of 31 functions');
    expect(err).toContain('the same command starts again');
    expect(closed).toBe(1);
  });

  it('waits for a reader that is slower', async () => {
    const calls = Array.from({ length: 12 }, (_, n) => `f(${n})\n`).join('');
    const folder = await temporaryFolder({ 'a.py': `def f(x): return x\n${calls}` });
    let most = 0;
    const slow = new Writable({
      highWaterMark: 1,
      write(_chunk, _encoding, done) {
        most = Math.max(most, slow.writableLength);
        void wait(5).then(() => done());
      },
    });
    expect((await run([folder, '--ndjson'], never, slow)).error).toBeUndefined();
    // Never more than the one line that is being written.
    expect(most).toBeLessThan(1_000);
  });
});
