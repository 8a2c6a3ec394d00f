import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { startFakeOllama } from '../../../test/fake-ollama/fake-ollama.ts';
import { scriptedSandbox } from '../../../test/support/scripted-sandbox.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { writeValue } from '../values/literal-writer.ts';
import { mineCommand } from './mine.ts';

const { signal } = new AbortController();
const files = { 'a.py': 'def f(opaque):\n    return opaque.split()\n\nf("a b")\n' };

/** Every call returns its argument as text. */
const sandbox = scriptedSandbox(({ call }) => ({
  outcome: 'ok',
  value: { type: 'str', value: call.map(writeValue).join() },
}));

/** Runs `autodidact mine` on the files with what `host` offers as the model. */
async function mined(host: string, ...args: readonly string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const env = { OLLAMA_HOST: host, AUTODIDACT_CACHE: await temporaryFolder(), PATH: '' };
  const context = { stdin: Readable.from([]), stdout, stderr, cwd: '/', env, signal };
  const folder = await temporaryFolder(files);
  await mineCommand(context, () => Promise.resolve(sandbox))
    .exitOverride()
    .parseAsync([folder, '--split', 'none', '--sources', 'code,model', ...args], { from: 'user' });
  stdout.end();
  stderr.end();
  return { out: await text(stdout), err: await text(stderr) };
}

it('says of proposed calls what it says of others, and how many of the answers were of use', async () => {
  const fake = await startFakeOllama({
    models: [{ name: 'm:latest' }],
    complete: ({ randomSeed }) => (randomSeed % 2 === 0 ? '1)\n' : `'${randomSeed}')\n`),
  });
  onTestFinished(() => fake.close());
  const { out, err } = await mined(fake.host, '--model', 'm', '--report');
  expect(out).toMatch(/│ model +│ [1-9]/);
  expect(out).toMatch(/The model was asked about 1 function and gave \d+ answers: \d+ \(100 %\) are calls/);
  expect(err).not.toContain('goes on without');
});

it('says once that there is no model and what to do, and goes on', async () => {
  const { out, err } = await mined('http://127.0.0.1:9');
  expect(out).toBe('1\ta.py:1\tf\n');
  expect(err.split('Mining goes on without it.')).toHaveLength(2);
  expect(err).toContain('No Ollama can be used');
  expect(err).toContain('not-asked: the model could not be asked');
});

it('pulls nothing while it is offline', async () => {
  const fake = await startFakeOllama({ models: [], pullable: { m: [10] } });
  onTestFinished(() => fake.close());
  const { err } = await mined(fake.host, '--model', 'm', '--offline');
  expect(err).toContain('ollama pull m');
  expect(fake.requests.some(({ path }) => path === '/api/pull')).toBe(false);
});
