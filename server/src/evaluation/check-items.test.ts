import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { exampleAbduction, exampleDeduction, exampleInduction } from '../../../test/support/example-tasks.ts';
import { type Script, scriptedSandbox } from '../../../test/support/scripted-sandbox.ts';
import { readSource } from '../mining/files/read-source.ts';
import { createSandbox } from '../sandbox/create-sandbox.ts';
import { checkItems } from './check-items.ts';
import { importBounds, importSet } from './import-set.ts';
import type { EvaluationItem } from './item.ts';

const { signal } = new AbortController();
const doubles: Script = ({ call: [argument] }) =>
  argument?.type === 'int'
    ? { outcome: 'ok', value: { type: 'int', value: argument.value * 2n } }
    : { outcome: 'exception', type: 'TypeError' };
const elsewhere = { name: 'native', version: '1', python: '3.11.7' } as const;

function stored(task: EvaluationItem['task']): EvaluationItem {
  return { task, relation: 'sameValue', repository: 'r', from: 'store' };
}

async function checked(items: readonly EvaluationItem[], script: Script) {
  const sandbox = scriptedSandbox(script);
  const told: number[] = [];
  const found = await checkItems(items, sandbox, (count) => told.push(count), signal);
  return { ...found, reasons: found.leftOut.map(({ reason }) => reason), told, sandbox };
}

it('asks only what its program gives here, as tasks of this backend', async () => {
  const items = [
    exampleDeduction(),
    exampleDeduction({ id: 'changed', output: '43' }),
    exampleDeduction({ id: 'elsewhere', backend: elsewhere }),
    exampleAbduction({ id: 'other', backend: elsewhere, output: '43' }),
    exampleInduction(),
  ].map(stored);
  const { items: held, reasons, told, sandbox } = await checked(items, doubles);
  expect(held.map(({ task }) => task.id)).toEqual([
    exampleDeduction().id,
    'elsewhere',
    exampleInduction().id,
  ]);
  expect(held[1]?.task.backend).toEqual(sandbox.backend);
  expect(reasons).toEqual(['drifts', 'backend-changed']);
  expect(told).toEqual([5]);
});

function fromFile(...lines: readonly object[]) {
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  return importSet('/set.jsonl', { text, hash: 'h' }, scriptedSandbox(doubles).backend).items;
}

it('gives a task of a file what execution gives, where its authors’ relation holds that equal', async () => {
  const code = 'def f(x):\n    return x * 2\n';
  const items = fromFile(
    { code, input: '21', output: '42.0' },
    { program: code, entry: 'f', call: '(3,)', output: '6.0' },
    { kind: 'deduction', program: code, entry: 'f', call: '(4,)' },
  );
  const { items: held, reasons } = await checked(items, doubles);
  expect(held.map(({ task }) => task.kind !== 'induction' && task.output)).toEqual(['42', '42', '8']);
  expect(reasons).toEqual(['gold-mismatch', 'gold-mismatch']);
});

it('leaves out tasks of a file that fail, drift, or show their answer', async () => {
  const task = (program: string) => ({ kind: 'deduction', program, entry: 'f', call: '(21,)' });
  const outcomes: Readonly<Record<string, ReturnType<Script>>> = {
    raises: { outcome: 'exception', type: 'ValueError' },
    drifts: { outcome: 'drifts' },
    endless: { outcome: 'limit', limit: 'cpu' },
    said: { outcome: 'ok', value: { type: 'int', value: 4242n } },
  };
  const items = fromFile(
    ...Object.keys(outcomes).map((name) => task(`def f(x):\n    return ${name}(x)  # 4242\n`)),
  );
  const { items: held, reasons } = await checked(
    items,
    ({ program }) =>
      outcomes[/return (\w+)/.exec(program)?.[1] ?? ''] ?? { outcome: 'crash', signal: 'trap' },
  );
  expect(held).toEqual([]);
  expect(reasons).toEqual(['program-fails', 'drifts', 'program-fails', 'answer-in-prompt']);
});

it('names the trivial solver that gets a task of a file', async () => {
  const items = fromFile({ code: 'def f(x):\n    return x * 2\n', input: '0', output: '0' });
  const { items: held } = await checked(items, doubles);
  expect(held.map(({ task }) => task.trivial)).toEqual(['argument', 'output-as-call']);
});

it('counts what is common among the tasks of the file', async () => {
  const code = 'def f(x):\n    return 7\n';
  const lines = [1, 2, 3].map((x) => ({ kind: 'deduction', program: code, entry: 'f', call: `(${x},)` }));
  const seven: Script = () => ({ outcome: 'ok', value: { type: 'int', value: 7n } });
  const { items: held } = await checked(fromFile(...lines), seven);
  expect(held.map(({ task }) => task.trivial)).toEqual(Array(3).fill('commonest-output'));
});

it('holds for CRUXEval’s records in the real sandbox', async () => {
  const file = path.resolve(import.meta.dirname, '../../../bench/data/cruxeval-a.jsonl');
  const read = await readSource(file, importBounds.fileBytes, signal);
  if (!read.ok) throw new TypeError(read.detail);
  const text = read.source.text.split('\n').slice(0, 16).join('\n');
  const sandbox = await createSandbox({}, signal);
  onTestFinished(() => sandbox.close());
  const { items } = importSet(file, { text, hash: read.source.hash }, sandbox.backend);
  const found = await checkItems(items, sandbox, () => undefined, signal);
  expect(found.leftOut).toEqual([]);
  expect(found.items).toHaveLength(32);
}, 120_000);

it('ends when aborted', async () => {
  const abort = AbortSignal.abort();
  const checking = checkItems([stored(exampleDeduction())], scriptedSandbox(doubles), () => undefined, abort);
  await expect(checking).rejects.toMatchObject({ name: 'AbortError' });
});
