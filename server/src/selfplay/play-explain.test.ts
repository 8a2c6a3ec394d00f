import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Task } from '../../../protocol/task.ts';
import { exampleDeduction } from '../../../test/support/example-tasks.ts';
import { scriptedEndpoint } from '../../../test/support/scripted-endpoint.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { createSandbox } from '../sandbox/create-sandbox.ts';
import { openStore } from '../store/open-store.ts';
import { play } from './play.ts';
import { storedReport } from './stored-report.ts';

const { signal } = new AbortController();

/** Describes well where it is asked to, rebuilds from the message, and knows nothing else. */
const model = () =>
  scriptedEndpoint(({ prompt }) => {
    if (prompt.endsWith('in one sentence:')) return ' Squares the number and adds five to that.\n';
    const question = prompt.slice(prompt.lastIndexOf('...\n'));
    return question.includes('Squares') && prompt.endsWith('def f(')
      ? 'x):\n...     return x ** 2 + 5\n...\n'
      : 'x):\n...     return 5\n...\n';
  });

it('a run explains mined programs, less often than it plays other kinds, and reports what that gained', async () => {
  const sandbox = await createSandbox({}, signal);
  const store = await openStore({ path: join(await temporaryFolder(), 'store.db') });
  onTestFinished(async () => {
    await store.close();
    await sandbox.close();
  });
  const mined = (program: string, entry: string, gives: (x: number) => number | string): Task[] =>
    [1, 2, 3, 4].map((x) =>
      exampleDeduction({
        id: `${entry}${x}`,
        program,
        entry,
        call: `(${x},)`,
        output: `${gives(x)}`,
        backend: sandbox.backend,
      }),
    );
  await store.putTasks([
    ...mined('def f(n: int):\n    return n * n + 5\n', 'f', (x) => x * x + 5),
    // Two outputs are too few to be worth explaining.
    ...mined('def g(n: int):\n    return "odd" if n % 2 else "even"\n', 'g', (x) =>
      x % 2 ? "'odd'" : "'even'",
    ),
  ]);
  const endpoint = model();
  const options = { folder: '/w', model: 'm', tasks: 24, randomSeed: 3, stream: false };
  const run = await play(options, { store, sandbox, endpoint, onEvent: () => undefined }, signal);

  const explained = await store.tasks({ kind: 'explain' });
  expect(explained.map(({ entry, origin, state }) => [entry, origin, state])).toEqual([
    ['f', 'mined', 'open'],
  ]);
  const groups = await store.groups({ runId: run.id });
  const ofKind = (kind: string) => groups.filter((group) => group.role === 'solve' && group.kind === kind);
  expect(ofKind('explain').length).toBeGreaterThan(0);
  expect(ofKind('explain').length).toBeLessThanOrEqual(ofKind('deduction').length / 2);
  for (const { samples } of ofKind('explain')) {
    expect(samples).toHaveLength(8);
    expect(samples[0]).toMatchObject({
      answer: 'Squares the number and adds five to that.',
      verdict: { verdict: 'gained', with: { right: 4, of: 4 }, without: { right: 0, of: 8 } },
      reward: { total: 1 },
    });
  }
  const [attempts] = (await store.attempts()).filter(({ taskId }) => taskId === explained[0]?.id);
  expect(attempts).toMatchObject({ attempts: attempts?.right });
  // Messages are proposed for induction too, of the same program only.
  const induced = await store.tasks({ kind: 'induction' });
  expect(new Set(induced.map(({ entry }) => entry))).toEqual(new Set(['f']));

  const told = await storedReport(run, store);
  const cells = told.cells.filter(({ kind }) => kind === 'explain');
  expect(cells).toMatchObject([{ role: 'solve', solveRate: 1, meanReward: 1 }]);
  expect(told.examples.map(({ task }) => task.kind)).toContain('explain');
}, 120_000);
