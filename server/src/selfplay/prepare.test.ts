import { rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Pair } from '../../../protocol/task.ts';
import { exampleExplain, exampleInduction } from '../../../test/support/example-tasks.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { MineEvent } from '../mining/mine.ts';
import { decide } from '../review/decide.ts';
import { createSandbox } from '../sandbox/create-sandbox.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { openStore } from '../store/open-store.ts';
import { prepare } from './prepare.ts';

const { signal } = new AbortController();
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createSandbox({}, signal);
}, 60_000);
afterAll(() => sandbox.close());

/** Files that change rarely, so that one edit is a small part of all. */
const others = Object.fromEntries(
  Array.from({ length: 8 }, (_, n) => [`other${n}.py`, `def other${n}(x):\n    return x + ${n}\n`]),
);

async function workspace(files: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder({ ...others, ...files });
  const store = await openStore({ path: join(await temporaryFolder(), 'store.db') });
  onTestFinished(() => store.close());
  const sources = ['doctest', 'code', 'test'] as const;
  const options = { folder, exclude: [], maxFiles: 100, maxFileBytes: 100_000, sources };
  return {
    store,
    write: (file: string, text: string) => writeFile(join(folder, file), text),
    remove: (file: string) => rm(join(folder, file)),
    touch: (file: string) => utimes(join(folder, file), 1, 1),
    /** Mines the folder; tells the files that were read for it. */
    mine: async () => {
      const files: string[] = [];
      const onEvent = (event: MineEvent) => {
        if (event.type === 'file') files.push(event.file);
      };
      const prepared = await prepare(options, { store, sandbox, onEvent }, signal);
      return { ...prepared, files };
    },
    outputs: async () =>
      (await store.seeds())
        .map(({ provenance: { symbol }, call, output }) => `${symbol}${call} = ${output}`)
        .sort(),
    states: async () =>
      (await store.tasks({}))
        .flatMap((task) =>
          task.kind === 'deduction' ? [`${task.unit.symbol} gives ${task.output}: ${task.state}`] : [],
        )
        .sort(),
  };
}

describe('mining a folder again', () => {
  it('reads nothing where nothing changed, and files that were only written again once', async () => {
    const { mine, touch, store } = await workspace({ 'a.py': 'def f(x):\n    return x * 3\nf(2)\n' });
    expect(await mine()).toMatchObject({ seeds: 1, files: { length: 9 } });
    expect(await mine()).toEqual({ seeds: 1, tasks: 2, files: [], unworthy: {} });
    await touch('a.py');
    expect(await mine()).toEqual({ seeds: 1, tasks: 2, files: [], unworthy: {} });
    // What executes nothing is not in the log.
    expect((await store.auditLog({ limit: 9 })).map(({ event }) => event)).toMatchObject([
      { what: 'mining-began', detail: { backend: sandbox.backend } },
      { what: 'mined', detail: { files: 9, seeds: 1 } },
    ]);
  }, 60_000);

  it('leaves rejected tasks retired, and what a person made of them open', async () => {
    const { mine, write, states, store } = await workspace({ 'a.py': 'def f(x):\n    return x * 3\nf(2)\n' });
    await mine();
    const desk = { store, reviewer: 'ann', now: () => '2026-01-01T00:00:00.000Z' };
    const tasks = await store.tasks();
    const [deduction] = tasks;
    if (deduction?.kind !== 'deduction') throw new TypeError('There is no deduction task.');
    const variant = { ...deduction, id: 'v', call: '(7,)', output: '21', origin: 'reviewed' } as const;
    await decide(deduction, { decision: 'edit', variant }, desk);
    for (const task of tasks) await decide(task, { decision: 'reject', reason: 'trivial' }, desk);
    await write('a.py', 'def f(x):\n    return x * 3\nf(2)\nother = 1\n');
    expect(await mine()).toMatchObject({ files: ['a.py'] });
    expect(await states()).toEqual(['f gives 21: open', 'f gives 6: retired']);
    await write('a.py', 'def g(x):\n    return x * 5\ng(2)\n');
    await mine();
    expect(await states()).toEqual(['f gives 21: stale', 'f gives 6: retired', 'g gives 10: open']);
  }, 60_000);

  it('mines what changed, and the functions elsewhere that have code of it', async () => {
    const { mine, write, outputs, states } = await workspace({
      'a.py': 'from b import helper\ndef f(x):\n    return helper(x) * 3\nf(2)\n',
      'b.py': 'def helper(x):\n    return x + 1\n',
      'c.py': 'def g(x):\n    return x * 7\ng(2)\n',
    });
    await mine();
    expect(await outputs()).toEqual(['f(2,) = 9', 'g(2,) = 14']);
    await write('b.py', 'def helper(x):\n    return x + 2\n');
    expect(await mine()).toEqual({ seeds: 2, tasks: 4, files: ['b.py'], unworthy: {} });
    expect(await outputs()).toEqual(['f(2,) = 12', 'g(2,) = 14']);
    expect(await states()).toEqual(['f gives 12: open', 'f gives 9: stale', 'g gives 14: open']);
  }, 60_000);

  it('mines by a document what it calls anew, and gives up what is gone', async () => {
    const { mine, write, remove, outputs, states } = await workspace({
      'a.py': 'def f(x):\n    return x * 3\nf(2)\n',
      'b.py': 'def g(x):\n    return x * 7\ng(2)\n',
      'README.md': 'Nothing so far.\n',
    });
    await mine();
    await write('README.md', '>>> f(5)\n15\n');
    await remove('b.py');
    await mine();
    expect(await outputs()).toEqual(['f(2,) = 6', 'f(5,) = 15']);
    expect(await states()).toEqual(['f gives 15: open', 'f gives 6: open', 'g gives 14: stale']);
  }, 60_000);

  it('gives up the calls of a test that is gone', async () => {
    const { mine, remove, outputs } = await workspace({
      'a.py': 'def f(x):\n    return x * 3\nf(2)\n',
      'test_a.py': 'from a import f\ndef test_f():\n    assert f(7) == 21\n',
    });
    await mine();
    expect(await outputs()).toEqual(['f(2,) = 6', 'f(7,) = 21']);
    await remove('test_a.py');
    await mine();
    expect(await outputs()).toEqual(['f(2,) = 6']);
  }, 60_000);

  it('mines everything where another sandbox is asked, and where much changed', async () => {
    const { mine, store, write } = await workspace({ 'a.py': 'def f(x):\n    return x * 3\nf(2)\n' });
    await mine();
    for (const note of ['', '{', '{"settings":"[]","files":{}}']) {
      await store.setNote(`mined ${(await store.seeds())[0]?.provenance.folder}`, note);
      expect((await mine()).files).toHaveLength(9);
    }
    for (const n of [0, 1, 2]) await write(`other${n}.py`, `def other${n}(x):\n    return x - ${n}\n`);
    expect((await mine()).files).toHaveLength(9);
  }, 60_000);
});

describe('what is mined and not worth solving', () => {
  it('is retired with the rule that it breaks, counted, and forgotten with its code', async () => {
    const { mine, write, store } = await workspace({
      'a.py': 'def f(x, y):\n    return 7 if x != 4 else y * 9 + 1\nf(7, 1)\nf(4, 1)\n',
    });
    expect((await mine()).unworthy).toEqual({ argument: 1, 'easily-found': 1 });
    const retired = await store.tasks({ state: 'retired' });
    expect(retired.map(({ kind, unworthy }) => [kind, unworthy])).toEqual([
      ['deduction', 'argument'],
      ['abduction', 'easily-found'],
    ]);
    expect(await mine()).toMatchObject({ files: [], unworthy: { argument: 1, 'easily-found': 1 } });
    await write('a.py', 'def f(x, y):\n    return x * y + 3\nf(7, 1)\n');
    expect((await mine()).unworthy).toEqual({});
  }, 60_000);

  it('retires what was made of pairs under other rules, when the folder is mined anew', async () => {
    const { mine, store, write } = await workspace({ 'a.py': 'def f(x):\n    return x * 3\nf(2)\n' });
    await mine();
    const [task] = await store.tasks({ kind: 'deduction' });
    if (task === undefined) throw new TypeError('Nothing was mined.');
    const { program, entry, unit, backend } = task;
    await store.putTasks([exampleInduction({ program, entry, backend, origin: 'proposed' }, unit)]);
    await write('other1.py', 'def other1(x):\n    return x + 100\n');
    await mine();
    expect(await store.tasks({ kind: 'induction' })).toMatchObject([
      { state: 'retired', unworthy: 'few-shown' },
    ]);
  }, 60_000);

  it('leaves what is made of a program’s pairs, while its code is as it was', async () => {
    const { mine, write, store } = await workspace({ 'a.py': 'def f(x):\n    return x * 3\nf(2)\n' });
    await mine();
    const [task] = await store.tasks({ kind: 'deduction' });
    if (task === undefined) throw new TypeError('Nothing was mined.');
    const { program, entry, unit, backend } = task;
    const pairs = [1, 2, 3, 40, 51, 60, 73, 85].map((x): Pair => [`(${x},)`, `${3 * x}`]);
    const explanation = exampleExplain(
      { program, entry, backend, shown: pairs.slice(0, 3), hidden: pairs.slice(3) },
      unit,
    );
    await store.putTasks([explanation]);
    const state = async () => (await store.tasks({ kind: 'explain' })).map(({ state }) => state);
    await write('a.py', 'def f(x):\n    return x * 3\nf(2)\nf(5)\n');
    await mine();
    expect(await state()).toEqual(['open']);
    await write('a.py', 'def f(x):\n    return x * 4\nf(2)\n');
    await mine();
    expect(await state()).toEqual(['stale']);
  }, 60_000);

  it('is an exception where there are too few values beside it, until there are more', async () => {
    const values = (count: number) => Array.from({ length: count }, (_, n) => `f(${n + 3})\n`).join('');
    const module = 'def f(x):\n    if x > 1000:\n        raise ValueError(x)\n    return x * 3 + 1\n';
    const doctest = '"""\n>>> f(1001)\nTraceback (most recent call last):\nValueError: 1001\n"""\n';
    const { mine, store } = await workspace({ 'a.py': doctest + module + values(3) });
    await mine();
    const exceptions = async () =>
      (await store.tasks())
        .filter((task) => task.kind === 'deduction' && task.output.startsWith('raise'))
        .map(({ state, unworthy }) => [state, unworthy]);
    expect(await exceptions()).toEqual([['retired', 'exceptions']]);
    // Mined code is never asked to be found by an exception.
    expect((await store.tasks({ kind: 'abduction' })).length).toBe(3);
  }, 60_000);
});
