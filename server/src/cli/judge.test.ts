import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it, vi } from 'vitest';
import { type Script, scriptedSandbox } from '../../../test/support/scripted-sandbox.ts';
import { judgeCommand } from './judge.ts';

/** What `autodidact judge` writes for these lines, where every program gives its argument. */
async function judged(lines: readonly unknown[], script: Script) {
  const written = await judgedText(lines, script);
  return written
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function judgedText(lines: readonly unknown[], script: Script): Promise<string> {
  const { signal } = new AbortController();
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const command = judgeCommand({ stdin, stdout, stderr, cwd: '/', env: {}, signal }, async () =>
    scriptedSandbox(script),
  );
  const written = text(stdout);
  stdin.end(lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
  await command.parseAsync([], { from: 'user' });
  stdout.end();
  return written;
}

const echo: Script = ({ call: [argument] }) => ({ outcome: 'ok', value: argument ?? { type: 'none' } });
const record = (number: number) => ({
  kind: 'deduction',
  program: 'def f(x): return x',
  entry: 'f',
  call: `(${number},)`,
  answer: String(number % 2 === 0 ? number : -1),
});

it('writes one line for each line, in order', async () => {
  const results = await judged(
    Array.from({ length: 40 }, (_, id) => ({ ...record(id), id })),
    echo,
  );
  expect(results.map(({ id, verdict }) => [id, verdict])).toEqual(
    Array.from({ length: 40 }, (_, id) => [id, id % 2 === 0 ? 'right' : 'wrong']),
  );
});

it.each<[string, unknown, unknown]>([
  ['no JSON', '{', null],
  ['an empty line', '', null],
  ['a list', [1], null],
  ['no answer', { ...record(1), id: 'a', answer: undefined }, 'a'],
  ['another kind', { ...record(1), id: 7, kind: 'repair' }, 7],
  ['an id that is none', { id: { a: 1 } }, null],
  ['no pairs', { kind: 'induction', entry: 'f', pairs: [], answer: '', id: 'b' }, 'b'],
])('%s is a bad record', async (_, line, id) => {
  const [result] = await judged([line], echo);
  expect(result).toMatchObject({ id, verdict: 'unjudgeable', reason: 'bad-record', relation: 'sameValue' });
});

it('judges a line whose id is a number of any length, and gives it back', async () => {
  const line = `{"id":12345678901234567890,${JSON.stringify(record(2)).slice(1)}`;
  expect(await judgedText([line], echo)).toContain('"id":12345678901234567890,');
});

it('keeps the fields of a line, but for those that a result has', async () => {
  const [result] = await judged(
    [{ ...record(2), extra: [1], verdict: 'valid', reason: 'different', value: '9' }],
    echo,
  );
  expect(result).toEqual({
    ...record(2),
    extra: [1],
    id: null,
    verdict: 'right',
    value: '2',
    relation: 'sameValue',
    backend: 'pyodide',
    version: '314.0.7',
  });
});

it('judges some lines at once, not all that there are', async () => {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const signal = new AbortController().signal;
  const sandbox = scriptedSandbox(echo);
  let running = 0;
  let most = 0;
  const slow: typeof sandbox.verify = async (execution, signal) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
    return sandbox.verify(execution, signal);
  };
  const context = { stdin, stdout, stderr: new PassThrough(), cwd: '/', env: {}, signal };
  stdin.end(Array.from({ length: 100 }, (_, index) => `${JSON.stringify(record(index))}\n`).join(''));
  stdout.resume();
  await judgeCommand(context, async () => ({ ...sandbox, verify: slow })).parseAsync([], { from: 'user' });
  expect(sandbox.asked.length).toBe(100);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThan(20);
});

it('ends when aborted, though more lines could come', async () => {
  const abort = new AbortController();
  const stdin = new PassThrough();
  const context = {
    stdin,
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    cwd: '/',
    env: {},
    signal: abort.signal,
  };
  const sandbox = scriptedSandbox(echo);
  const close = vi.fn(async () => {});
  const ending = judgeCommand(context, async () => ({ ...sandbox, close })).parseAsync([], { from: 'user' });
  stdin.write(`${JSON.stringify(record(2))}\n`);
  await new Promise(setImmediate);
  abort.abort();
  await expect(ending).rejects.toMatchObject({ name: 'AbortError' });
  expect(close).toHaveBeenCalledOnce();
});
