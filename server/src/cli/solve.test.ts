import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startFakeOllama } from '../../../test/fake-ollama/fake-ollama.ts';
import type { FakeQuestion } from '../../../test/fake-ollama/script.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { createSandbox } from '../sandbox/create-sandbox.ts';
import { solveCommand } from './solve.ts';

const program = 'def double(x):\n    return x * 2\n';
const abduction = { kind: 'abduction', program, entry: 'double', output: '42' };
const deduction = { kind: 'deduction', program, entry: 'double', call: '(21,)' };

/** Tries calls, one after the other, and answers with the one that gave 42. */
function searching({ prompt }: FakeQuestion): string {
  if (!prompt.endsWith('>>>')) return '42\n';
  const last = /double\((\d+)\)\n(\d+)\n>>>$/.exec(prompt);
  if (last === null) return ' double(20)\n';
  return last[2] === '42' ? ` arguments = (${last[1]})\n` : ` double(${Number(last[1]) + 1})\n`;
}

async function solved(args: readonly string[], records: readonly object[], complete = searching) {
  const { signal } = new AbortController();
  const fake = await startFakeOllama({ models: [{ name: 'm:latest' }], complete });
  onTestFinished(() => fake.close());
  const env = { ...process.env, OLLAMA_HOST: fake.host, AUTODIDACT_CACHE: await temporaryFolder() };
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const stdin = Readable.from(records.map((record) => `${JSON.stringify(record)}\n`));
  const context = { stdin, stdout, stderr, cwd: await temporaryFolder(), env, signal };
  const out = text(stdout);
  let opened = 0;
  const open = () => {
    opened += 1;
    return createSandbox({ env: process.env }, signal);
  };
  await solveCommand(context, open).parseAsync(['--model', 'm', ...args], { from: 'user' });
  stdout.end();
  const lines = (await out).trim().split('\n');
  return {
    opened,
    answers: lines.map((line) => (JSON.parse(line) as { answer: string }).answer),
    asked: fake.requests.flatMap(({ body }) => (body?.logprobs === true ? [body.prompt as string] : [])),
  };
}

describe('autodidact solve', () => {
  it('lets the model run Python before it answers where it is told to, but not in a deduction', async () => {
    const { answers, asked, opened } = await solved(['--tools'], [abduction, deduction]);
    expect(answers).toEqual(['(21,)', '42']);
    expect(opened).toBe(1);
    expect(asked[2]?.endsWith('>>> double(20)\n40\n>>> double(21)\n42\n>>>')).toBe(true);
    expect(asked.at(-1)?.endsWith('>>> double(21)\n')).toBe(true);
  });

  it('runs nothing otherwise', async () => {
    const { answers, asked, opened } = await solved([], [abduction], () => '21)\n');
    expect({ answers, opened }).toEqual({ answers: ['(21,)'], opened: 0 });
    expect(asked[0]?.endsWith('arguments = (')).toBe(true);
  });
});
