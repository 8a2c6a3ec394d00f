import { expect, it } from 'vitest';
import type { Task } from '../../../protocol/task.ts';
import { sampleTask } from '../../../test/support/sample-records.ts';
import { scriptedSandbox } from '../../../test/support/scripted-sandbox.ts';
import { adoptTasks } from './adopt-tasks.ts';

const { signal } = new AbortController();
const elsewhere = { name: 'native', version: '1', python: '3.11.7' } as const;
const three = { type: 'int', value: 3n } as const;

function made(id: string, output: string): Task {
  return sampleTask(id, {
    program: 'def f(x):\n    return x + 1\n',
    entry: 'f',
    call: '(2,)',
    output,
    backend: elsewhere,
  });
}

it('keeps what holds here too as a task of this backend, and gives up the rest', async () => {
  const sandbox = scriptedSandbox(() => ({ outcome: 'ok', value: three }));
  const here = sampleTask('here');
  const { adopted, retired } = await adoptTasks(
    [made('holds', '3'), made('differs', '3.0'), here],
    sandbox,
    signal,
  );
  expect(adopted).toEqual([{ ...made('holds', '3'), backend: sandbox.backend }]);
  expect(retired).toEqual(['differs']);
  // What was made here is not run again.
  expect(sandbox.asked.map(({ entry }) => entry)).not.toContain(here.entry);
});

it('checks an abduction by its call and an induction by its program', async () => {
  const { call: _, ...common } = made('i', '3') as Extract<Task, { kind: 'deduction' }>;
  const pairs = [['(2,)', '3']];
  const tasks = [
    { ...common, call: '(2,)', kind: 'abduction' },
    { ...common, kind: 'induction', message: 'adds one', shown: pairs, hidden: pairs },
  ] as unknown as Task[];
  const asked = scriptedSandbox(() => ({ outcome: 'ok', value: three }));
  expect((await adoptTasks(tasks, asked, signal)).adopted.map(({ kind }) => kind)).toEqual([
    'abduction',
    'induction',
  ]);
  const other = scriptedSandbox(() => ({ outcome: 'exception', type: 'ValueError' }));
  expect((await adoptTasks(tasks, other, signal)).retired).toEqual(['i', 'i']);
});

it('runs tasks again that were made with other installed packages, or with none', async () => {
  const here = { name: 'native', version: '1+packages.0123456789ab', python: '3.11.7' } as const;
  const sandbox = { ...scriptedSandbox(() => ({ outcome: 'ok', value: three })), backend: here };
  const without = made('without', '3');
  const others = { ...made('others', '3'), backend: { ...here, version: '1+packages.ba9876543210' } };
  const same = { ...made('same', '3'), backend: { ...here, version: '2+packages.0123456789ab' } };
  const { adopted, retired } = await adoptTasks([without, others, same], sandbox, signal);
  expect(adopted.map(({ id, backend }) => [id, backend])).toEqual([
    ['without', here],
    ['others', here],
  ]);
  expect(retired).toEqual([]);
  const elsewhere = scriptedSandbox(() => ({ outcome: 'exception', type: 'ModuleNotFoundError' }));
  const plain = { ...elsewhere, backend: { ...here, version: '1' } };
  expect(await adoptTasks([same, without], plain, signal)).toEqual({ adopted: [], retired: ['same'] });
});
