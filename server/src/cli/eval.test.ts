import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Evaluation } from '../../../protocol/evaluation.ts';
import type { Task } from '../../../protocol/task.ts';
import { startFakeOllama } from '../../../test/fake-ollama/fake-ollama.ts';
import type { FakeQuestion, FakeScript } from '../../../test/fake-ollama/script.ts';
import { exampleAbduction, exampleDeduction } from '../../../test/support/example-tasks.ts';
import { scriptedSandbox } from '../../../test/support/scripted-sandbox.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { openStore } from '../store/open-store.ts';
import { storePath } from '../store/store-path.ts';
import { evalCommand } from './eval.ts';

/** Every program doubles its argument. */
const sandbox = scriptedSandbox(({ call: [argument] }) =>
  argument?.type === 'int'
    ? { outcome: 'ok', value: { type: 'int', value: argument.value * 2n } }
    : { outcome: 'exception', type: 'TypeError' },
);

const deduction = (number: number, split: Task['split']) =>
  exampleDeduction(
    { id: `d${number}`, call: `(${number},)`, output: String(2 * number), split, backend: sandbox.backend },
    { unitHash: String(number) },
  );
const tasks = [
  deduction(1_001, 'train'),
  deduction(1_002, 'gate'),
  deduction(1_003, 'gate'),
  exampleAbduction({ id: 'a', call: '(1004,)', output: '2008', split: 'gate', backend: sandbox.backend }),
  deduction(1_005, 'test'),
];

/** Gets every call that it is asked about, and finds no call. */
function doubling({ prompt }: FakeQuestion): string {
  const number = /double\((\d+)\)\n$/.exec(prompt)?.[1];
  return number === undefined ? 'no idea\n' : `${2 * Number(number)}\n`;
}

interface Setting {
  readonly complete?: NonNullable<FakeScript['complete']>;
  readonly tasks?: readonly Task[];
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly signal?: AbortSignal;
  readonly onRequest?: NonNullable<FakeScript['fault']>;
}

/** Runs `autodidact eval` in a folder whose store holds the tasks. */
async function evaluated(
  args: readonly string[],
  { complete = doubling, tasks: held = tasks, files = {}, signal, onRequest = () => undefined }: Setting = {},
) {
  const fake = await startFakeOllama({
    models: [
      { name: 'm:latest', digest: 'a'.repeat(64) },
      { name: 'n:latest', digest: 'b'.repeat(64) },
    ],
    complete,
    fault: onRequest,
  });
  onTestFinished(() => fake.close());
  const folder = await temporaryFolder(files);
  const storeFolder = await temporaryFolder();
  const file = await storePath(folder, { env: {}, storeFolder });
  const store = await openStore({ path: file });
  await store.putTasks(held);
  await store.close();
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const env = { OLLAMA_HOST: fake.host, AUTODIDACT_CACHE: await temporaryFolder(), PATH: '' };
  const never = new AbortController().signal;
  const context = { stdin: Readable.from([]), stdout, stderr, cwd: folder, env, signal: signal ?? never };
  const failure = await evalCommand(context, () => Promise.resolve(sandbox))
    .exitOverride()
    .configureOutput({ writeErr: (said) => stderr.write(said) })
    .parseAsync([folder, '--model', 'm', '--store', storeFolder, '--json', 'out.json', ...args], {
      from: 'user',
    })
    .then(
      () => undefined,
      (error: unknown) => error as Error,
    );
  stdout.end();
  stderr.end();
  const json = await readFile(path.join(folder, 'out.json'), 'utf8').catch(() => undefined);
  const database = new DatabaseSync(file, { readOnly: true });
  const audit = database.prepare('SELECT what, detail FROM audit').all();
  const counted = database.prepare('SELECT count(*) AS groups FROM groups').get();
  database.close();
  return {
    failure,
    out: await text(stdout),
    err: await text(stderr),
    report: json === undefined ? undefined : Evaluation.parse(JSON.parse(json)),
    audit: audit.map(({ what, detail }) => ({ what, detail: JSON.parse(String(detail)) as unknown })),
    groups: counted?.['groups'],
    asked: fake.requests.filter(
      ({ path, body }) => path === '/api/generate' && body.options?.seed !== undefined,
    ),
  };
}

describe('on the gate', () => {
  it('asks its tasks alone, tells of them, and keeps nothing that could be trained on', async () => {
    const { failure, out, report, asked, audit, groups } = await evaluated(['--k', '2']);
    expect(failure).toBeUndefined();
    expect(report?.tasks.map(({ taskId }) => taskId).sort()).toEqual(['a', 'd1002', 'd1003']);
    const all = report?.models[0]?.figures[0];
    expect(all).toMatchObject({
      tasks: 3,
      greedy: { right: { value: 2 / 3 } },
      passAtK: [{ value: 2 / 3 }, {}],
    });
    expect(out).toMatch(/│ deduction +│ +2 │ +2 │ 100\.0 % \(34–100\)/);
    expect(out).toMatch(/│ abduction +│ +1 │ +1 │ +0\.0 % \(0–79\)/);
    for (const { body } of asked) expect(body.prompt).not.toMatch(/100[15]/);
    expect(asked.map(({ body }) => body.options.temperature)).toEqual([0, 1, 1, 0, 1, 1, 0, 1, 1]);
    expect(audit).toEqual([]);
    expect(groups).toBe(0);
  });

  it('lets models run Python before they answer where it is told to, but not in a deduction', async () => {
    const trying = (question: FakeQuestion) =>
      question.prompt.endsWith('1 + 1\n# stopped: Python ended\n>>>')
        ? ' arguments = (1004)\n'
        : question.prompt.endsWith('>>>')
          ? ' 1 + 1\n'
          : doubling(question);
    const { report, groups } = await evaluated(['--k', '1', '--tools'], { complete: trying });
    const kinds = Object.fromEntries((report?.tasks ?? []).map((task) => [task.kind, task]));
    expect(kinds['deduction']?.promptVersion).toBe('deduction-1');
    expect(kinds['deduction']?.greedy.tool).toBeUndefined();
    expect(kinds['abduction']?.promptVersion).toBe('abduction-1+tool-1');
    for (const answer of [kinds['abduction']?.greedy, kinds['abduction']?.samples[0]])
      expect(answer).toMatchObject({
        answer: '(1004,)',
        verdict: { verdict: 'right' },
        // This sandbox knows no sessions.
        tool: [{ code: '1 + 1\n', outcome: 'crash' }],
      });
    expect(groups).toBe(0);
  });

  it('writes each answer with what it rests on', async () => {
    const { report } = await evaluated(['--k', '1']);
    const task = report?.tasks.find(({ taskId }) => taskId === 'd1002');
    expect(task).toMatchObject({
      kind: 'deduction',
      model: { name: 'm:latest', digest: 'a'.repeat(64) },
      backend: sandbox.backend,
      relation: 'sameValue',
      promptVersion: 'deduction-1',
      greedy: { text: '2004\n', answer: '2004', verdict: { verdict: 'right' } },
    });
    expect(task?.prompt).toMatch(/>>> double\(1002\)\n$/);
    expect(report).toMatchObject({ on: 'gate', partial: false, planned: 3, k: 1, randomSeed: 1 });
  });

  it('gives the same report again, but for its times', async () => {
    const again = async () => {
      const { report } = await evaluated(['--k', '2', '--random-seed', '9']);
      const { startedAt: _, endedAt: _ended, source: _source, ...same } = report ?? {};
      return JSON.stringify(same, (key, value: unknown) => (key === 'modelMs' ? 0 : value));
    };
    expect(await again()).toBe(await again());
  });

  it('asks only some where that is wanted', async () => {
    const { report } = await evaluated(['--k', '0', '--tasks', '1']);
    expect(report).toMatchObject({
      planned: 1,
      k: 0,
      models: [{ figures: [{ tasks: 1, sampled: null }, {}, {}, {}] }],
    });
  });

  it.each<[string, readonly Task[]]>([
    ['holds no tasks yet', []],
    ['holds out no open task for gate', tasks.filter(({ split }) => split !== 'gate')],
  ])('that %s says one thing to do', async (why, held) => {
    const { failure, asked } = await evaluated([], { tasks: held });
    expect(failure).toMatchObject({ reason: 'missing' });
    expect(failure?.message).toContain(why);
    expect(failure?.message).toContain('autodidact play . --split unit');
    expect(asked).toEqual([]);
  });
});

describe('on test', () => {
  it('says so, on the screen and in the audit log', async () => {
    const { report, err, audit } = await evaluated(['--on', 'test', '--k', '0', '--against', 'n']);
    expect(report?.tasks.map(({ taskId }) => taskId)).toEqual(['d1005', 'd1005']);
    expect(err).toContain('is opened: 1 task. This is written into the audit log.');
    expect(audit).toMatchObject([
      { what: 'test-opened', detail: { models: ['m', 'n'], k: 0, randomSeed: 1 } },
    ]);
  });
});

describe('on a file', () => {
  const code = 'def f(x):\n    return x * 2\n';
  const lines = (...records: readonly object[]) => records.map((record) => JSON.stringify(record)).join('\n');

  it('asks what its lines ask, scores as its authors do, and names the lines that ask nothing', async () => {
    const set = `${lines({ code, input: '2001', output: '4002', id: 's1' })}\n{"code"\n`;
    const complete = ({ prompt }: FakeQuestion) =>
      prompt.endsWith('>>> f(2001)\n') ? '4002.0\n' : '2001)\n';
    const { failure, report, err, audit } = await evaluated(['--on', 'set.jsonl', '--k', '1'], {
      files: { 'set.jsonl': set },
      complete,
    });
    expect(failure).toBeUndefined();
    expect(
      report?.tasks.map(({ kind, relation, greedy }) => [kind, relation, greedy.verdict.verdict]).sort(),
    ).toEqual([
      ['abduction', 'pyEqual', 'right'],
      ['deduction', 'pyEqual', 'right'],
    ]);
    expect(report).toMatchObject({ on: 'file', faults: { count: 1, first: [{ line: 2 }] } });
    expect(err).toContain('set.jsonl:2 gives no task: it is no JSON');
    expect(audit).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['is not there', 'nowhere.jsonl', 'cannot be read'],
    ['is a folder', '.', 'cannot be read'],
    ['is no UTF-8', 'bytes.jsonl', 'cannot be read'],
    ['holds no tasks', 'empty.jsonl', 'There are no tasks in'],
  ])('that %s says so', async (_, on, message) => {
    const files = { 'empty.jsonl': '\n', 'bytes.jsonl': Buffer.from([0x22, 0xff]) };
    const { failure } = await evaluated(['--on', on], { files });
    expect(failure).toMatchObject({ reason: 'missing' });
    expect(failure?.message).toContain(message);
  });

  it('of which no task can be asked fails, and says why', async () => {
    const files = { 'set.jsonl': lines({ code, input: '2001', output: '1' }) };
    const { failure, out } = await evaluated(['--on', 'set.jsonl'], { files });
    expect(failure).toMatchObject({ reason: 'failed' });
    expect(out).toContain('In no figure: gold-mismatch 2.');
  });
});

describe('two models', () => {
  it('are asked the same with the same random seeds, and compared', async () => {
    const complete = (question: FakeQuestion) =>
      question.model.startsWith('n') ? doubling(question) : 'None\n';
    const { out, report, asked } = await evaluated(['--against', 'n', '--k', '2'], { complete });
    expect(report?.comparison[0]).toMatchObject({
      tasks: 3,
      greedy: { onlyFirst: 0, onlySecond: 2, difference: { value: 2 / 3 }, p: 0.5 },
    });
    expect(out).toContain('n:latest less m:latest');
    const of = (name: string) =>
      asked
        .filter(({ body }) => body.model === name)
        .map(({ body }) => [body.prompt, body.options.seed, body.options.temperature]);
    expect(of('m:latest')).toHaveLength(9);
    expect(of('n:latest')).toEqual(of('m:latest'));
  });

  it('are two', async () => {
    const { failure } = await evaluated(['--against', 'm:latest']);
    expect(failure).toMatchObject({ reason: 'usage' });
  });
});

describe('interrupted', () => {
  it('tells what was done so far, whole tasks only, and says that it is a part', async () => {
    const abort = new AbortController();
    let answers = 0;
    const onRequest: Setting['onRequest'] = ({ body }) => {
      if (body?.options?.seed !== undefined && ++answers === 5) abort.abort();
      return undefined;
    };
    const { failure, out, report } = await evaluated(['--k', '2'], { signal: abort.signal, onRequest });
    expect(failure).toMatchObject({ name: 'AbortError' });
    expect(out).toContain('Partial: stopped after 1 of 3 tasks');
    expect(report).toMatchObject({ partial: true, planned: 3 });
    expect(report?.tasks).toHaveLength(1);
    expect(report?.tasks[0]?.samples).toHaveLength(2);
  });

  it('before the first task writes nothing', async () => {
    const abort = new AbortController();
    const onRequest: Setting['onRequest'] = ({ body }) => {
      if (body?.options?.seed !== undefined) abort.abort();
      return undefined;
    };
    const { out, report } = await evaluated([], { signal: abort.signal, onRequest });
    expect([out, report]).toEqual(['', undefined]);
  });
});

it.each([[['--k', '65']], [['--k', '-1']], [['--tasks', 'few']]])('%j is wrong usage', async (args) => {
  const { failure } = await evaluated(args);
  expect(failure).toMatchObject({ code: 'commander.invalidArgument' });
});
