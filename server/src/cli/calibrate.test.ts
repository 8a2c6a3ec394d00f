import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Calibration } from '../../../protocol/calibration.ts';
import { Evaluation } from '../../../protocol/evaluation.ts';
import { startFakeOllama } from '../../../test/fake-ollama/fake-ollama.ts';
import type { FakeQuestion, FakeScript } from '../../../test/fake-ollama/script.ts';
import { exampleDeduction } from '../../../test/support/example-tasks.ts';
import { scriptedSandbox } from '../../../test/support/scripted-sandbox.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { openStore } from '../store/open-store.ts';
import { storePath } from '../store/store-path.ts';
import { calibrateCommand } from './calibrate.ts';
import type { CliContext } from './context.ts';
import { evalCommand } from './eval.ts';
import { solveCommand } from './solve.ts';

/** Every program doubles its argument. */
const sandbox = scriptedSandbox(({ call: [argument] }) =>
  argument?.type === 'int'
    ? { outcome: 'ok', value: { type: 'int', value: argument.value * 2n } }
    : { outcome: 'exception', type: 'TypeError' },
);

const source = `def double(x: int):
    """Doubles.

    >>> double(1001)
    2002
    >>> double(1002)
    2004
    """
    return x * 2
`;

/** Right through its chat template, and nowhere else. */
function chats({ prompt }: FakeQuestion): string {
  const number = /double\((\d+)\)[^(]*$/.exec(prompt)?.[1];
  const nonce = /<answer-([0-9a-f]{8})>/.exec(prompt)?.[1];
  if (number === undefined || !prompt.startsWith('<|im_start|>')) return 'no idea\n';
  return `It is <answer-${nonce}>${2 * Number(number)}</answer-${nonce}>.`;
}

async function setting(script: Partial<FakeScript> = {}) {
  const fake = await startFakeOllama({
    models: [
      { name: 'm:latest', digest: 'a'.repeat(64) },
      { name: 'n:latest', digest: 'b'.repeat(64) },
    ],
    complete: chats,
    ...script,
  });
  onTestFinished(() => fake.close());
  const folder = await temporaryFolder({ 'maths.py': source });
  const storeFolder = await temporaryFolder();
  const env = { OLLAMA_HOST: fake.host, AUTODIDACT_CACHE: await temporaryFolder(), PATH: '' };

  async function run(
    command: (context: CliContext) => ReturnType<typeof evalCommand>,
    args: readonly string[],
    stdin = '',
    signal = new AbortController().signal,
  ) {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const context = { stdin: Readable.from([stdin]), stdout, stderr, cwd: folder, env, signal };
    const [out, err] = [text(stdout), text(stderr)];
    const error = await command(context)
      .exitOverride()
      .configureOutput({ writeErr: (said) => stderr.write(said) })
      .parseAsync([...args, '--model', 'm', '--store', storeFolder], { from: 'user' })
      .then(
        () => undefined,
        (reason: unknown) => reason,
      );
    stdout.end();
    stderr.end();
    return { error, out: await out, err: await err };
  }
  const json = async (name: string) => JSON.parse(await readFile(path.join(folder, name), 'utf8')) as unknown;
  const openIt = async () => openStore({ path: await storePath(folder, { env: {}, storeFolder }) });
  return { fake, folder, run, json, openIt };
}

const open = () => Promise.resolve(sandbox);
const calibrating = (context: CliContext) => calibrateCommand(context, open);

describe('autodidact calibrate', () => {
  it('prints the table of each cell, writes it, and keeps what it chose for all that ask', async () => {
    const { fake, folder, run, json, openIt } = await setting();
    const few = ['--samples', '4', '--json', 'out.json'];
    const store = await openIt();
    // Mining holds this function out or not by its name; what is asked must be of what is learnt from.
    await store.putTasks([
      exampleDeduction({
        id: 'gate',
        call: '(1005,)',
        output: '2010',
        split: 'gate',
        backend: sandbox.backend,
      }),
    ]);
    await store.close();
    const { error, out } = await run(calibrating, [folder, ...few]);
    expect(error).toBeUndefined();
    const found = Calibration.parse(await json('out.json'));
    expect(found.cells.map(({ kind, role }) => `${kind} ${role}`)).toHaveLength(6);
    expect(out).toContain('deduction solve');
    expect(out).toMatch(/→ chat-0 +│ +4 │ +4 │ 4 of 4 \(51–100 %\)/);
    expect(out).toMatch(/schema-\d \*/);
    expect(fake.requests.some(({ body }) => /1005/.test(body?.prompt ?? ''))).toBe(false);

    const evaluated = await run(
      (context) => evalCommand(context, open),
      [folder, '--k', '1', '--json', 'eval.json'],
    );
    expect(evaluated.err).toContain('m:latest is asked in the styles');
    const evaluation = Evaluation.parse(await json('eval.json'));
    const [task] = evaluation.tasks;
    expect(task?.promptVersion).toBe('deduction-1+chat-0');
    expect(task?.greedy.verdict).toEqual({ verdict: 'right' });

    // The other model was not calibrated: in a comparison both are asked alike.
    await run(
      (context) => evalCommand(context, open),
      [folder, '--k', '0', '--against', 'n', '--json', 'both.json'],
    );
    const both = Evaluation.parse(await json('both.json')).tasks;
    expect(both.map(({ model, promptVersion }) => [model.name, promptVersion])).toEqual([
      ['m:latest', 'deduction-1+chat-0'],
      ['n:latest', 'deduction-1+chat-0'],
    ]);

    const line = JSON.stringify({ kind: 'deduction', program: source, entry: 'double', call: '(7,)' });
    const solved = await run((context) => solveCommand(context, open), ['--folder', folder], `${line}\n`);
    expect(JSON.parse(solved.out)).toMatchObject({ answer: '14' });
    const otherwise = await run((context) => solveCommand(context, open), [], `${line}\n`);
    expect(JSON.parse(otherwise.out)).toMatchObject({ answer: 'no idea' });
  });

  it('says at once what it lacks, and takes no senseless numbers', async () => {
    const { folder, run } = await setting();
    const empty = await temporaryFolder();
    const { error } = await run(calibrating, [empty]);
    expect(error).toMatchObject({ reason: 'missing', message: expect.stringContaining('Mine code') });
    for (const wrong of [
      ['--samples', '0'],
      ['--samples', '9999'],
      ['--minutes', '-1'],
    ])
      expect((await run(calibrating, [folder, ...wrong])).error).toMatchObject({ exitCode: 1 });
  });

  it('keeps what it counted when a person stops it, and says how to go on', async () => {
    const stopping = new AbortController();
    let asked = 0;
    const { fake, folder, run, json } = await setting({
      complete: (question) => {
        asked += 1;
        if (asked === 20) stopping.abort();
        return chats(question);
      },
    });
    const few = [folder, '--samples', '4', '--json', 'out.json'];
    const stopped = await run(calibrating, few, '', stopping.signal);
    expect(stopped.error).toMatchObject({ name: 'AbortError' });
    expect(stopped.out).toContain('Run it again to go on.');
    const before = Calibration.parse(await json('out.json'));
    expect(before.ended).toBe('stopped');
    const countOf = ({ cells }: Calibration) =>
      cells.flatMap(({ styles }) => styles).reduce((sum, each) => sum + each.asked, 0);
    expect(countOf(before)).toBeGreaterThan(0);

    const drawn = () => fake.requests.filter(({ body }) => body?.options?.seed !== undefined).length;
    const drawnBefore = drawn();
    expect((await run(calibrating, few)).error).toBeUndefined();
    const after = Calibration.parse(await json('out.json'));
    expect(after.ended).toBe('done');
    expect(drawn() - drawnBefore).toBe(countOf(after) - countOf(before));
  });
});
