import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PseudoGroup } from '../../../protocol/pseudo-label.ts';
import { exampleUnanswered } from '../../../test/support/example-pseudo-labels.ts';
import { exampleDeduction } from '../../../test/support/example-tasks.ts';
import { scriptedEndpoint } from '../../../test/support/scripted-endpoint.ts';
import { scriptedSandbox } from '../../../test/support/scripted-sandbox.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { openStore } from '../store/open-store.ts';
import type { PlayOptions } from './play.ts';
import { play } from './play.ts';
import { keepUnanswered, unansweredCalls } from './pseudo-labels/unanswered-calls.ts';
import { report } from './report.ts';

const { signal } = new AbortController();

/** A run in which five of eight answers are the same wrong one: nothing is proposed about what raises. */
async function played(options: Partial<PlayOptions>) {
  const store = await openStore({ path: join(await temporaryFolder(), 'store.db') });
  onTestFinished(() => store.close());
  const sandbox = scriptedSandbox(() => ({ outcome: 'exception', type: 'KeyError' }));
  const tasks = Array.from({ length: 12 }, (_, n) =>
    exampleDeduction({ id: `task${n}`, call: `(${n},)`, output: 'raise KeyError', backend: sandbox.backend }),
  );
  await store.putTasks(tasks);
  const calls = Array.from({ length: 40 }, (_, n) =>
    exampleUnanswered({ id: `call${n}`, call: `([${n}],)` }),
  );
  await keepUnanswered(calls, '/w', () => true, store);
  const asked = new Map<string, number>();
  const endpoint = scriptedEndpoint(({ prompt }) => {
    const before = asked.get(prompt) ?? 0;
    asked.set(prompt, before + 1);
    return `${['4242', '4242', '4242', '4242', '4242', '1', '2', '3'][before % 8]}\n`;
  });
  const given = { folder: '/w', model: 'm', tasks: 120, randomSeed: 1, stream: true, ...options };
  const run = await play(given, { store, sandbox, endpoint, onEvent: () => undefined }, signal);
  return { store, run, prompts: [...asked.keys()] };
}

describe('a run that was asked for pseudo-labels', () => {
  it('keeps them out of groups, tasks, rates and the stream, and ends them where labels are wrong', async () => {
    const { store, run } = await played({ pseudoLabels: true });
    const kept = await store.pseudoGroups(run.id);
    for (const group of kept) expect(() => PseudoGroup.parse(group)).not.toThrow();
    const probes = kept.flatMap(({ about }) => (about.type === 'probe' ? [about] : []));
    // After four batches eight labels were checked, and none was right.
    expect(probes).toHaveLength(8);
    expect(probes.every(({ isRight }) => isRight === false)).toBe(true);
    expect(kept).toHaveLength(24);
    const monitors = (await store.auditLog({ limit: 1_000 })).filter(({ event }) => event.what === 'monitor');
    expect(monitors.map(({ event }) => event)).toContainEqual({
      what: 'monitor',
      detail: expect.objectContaining({
        runId: run.id,
        monitor: 'label-accuracy',
        action: 'stop-pseudo-labels',
      }),
    });

    const groups = await store.groups({ runId: run.id });
    expect(groups.filter(({ role }) => role === 'solve')).toHaveLength(120);
    const ids = new Set(kept.map(({ id }) => id));
    expect(groups.filter(({ id }) => ids.has(id))).toEqual([]);
    expect((await store.outgoing(1_000)).filter(({ group }) => ids.has(group.id))).toEqual([]);
    const attempts = (await store.attempts()).reduce((sum, { attempts }) => sum + attempts, 0);
    expect(attempts).toBe(120 * 8);
    expect((await store.tasks({})).every(({ entry }) => entry === 'double')).toBe(true);

    const about = { store: '', seeds: 0, tasks: 0, unworthy: {} };
    const records = { groups, tasks: [], log: [] };
    const told = report(run, records, { ...about, pseudoLabels: await store.pseudoLabels() });
    expect(told.pseudoLabels).toMatchObject([
      { asked: 16, labelled: 16, noLabel: {}, accuracy: { count: 0, of: 8 }, isStopped: true },
    ]);
    expect(told.cells).toEqual(report(run, records, about).cells);
  }, 60_000);

  it('is the only one that asks for them', async () => {
    const { store, run, prompts } = await played({ tasks: 20 });
    expect(await store.pseudoGroups(run.id)).toEqual([]);
    expect(prompts.filter((prompt) => prompt.includes('norm'))).toEqual([]);
  }, 60_000);
});

describe('calls that execution cannot answer', () => {
  const notes = () => {
    const kept = new Map<string, string>();
    return {
      note: async (name: string) => kept.get(name),
      setNote: async (name: string, value: string) => {
        kept.set(name, value);
      },
    };
  };
  const of = (file: string, id: string) =>
    exampleUnanswered({ id, unit: { ...exampleUnanswered().unit, file } });

  it('are kept by folder, in the place of those of the same units, and of bounded number', async () => {
    const store = notes();
    await keepUnanswered([of('a.py', '1'), of('b.py', '2'), of('b.py', '2')], '/w', () => true, store);
    await keepUnanswered([of('a.py', '3')], '/w', ({ file }) => file === 'a.py', store);
    expect((await unansweredCalls(store, '/w')).map(({ id }) => id)).toEqual(['2', '3']);
    expect(await unansweredCalls(store, '/other')).toEqual([]);
    const many = Array.from({ length: 300 }, (_, n) => of('a.py', `${n}`));
    await keepUnanswered(many, '/w', () => true, store);
    expect(await unansweredCalls(store, '/w')).toHaveLength(256);
  });

  it('are none where the note is of another version, or damaged', async () => {
    const store = notes();
    for (const text of ['{"schema":2,"calls":[]}', '{', '[1]']) {
      await store.setNote('unanswered /w', text);
      expect(await unansweredCalls(store, '/w')).toEqual([]);
    }
  });
});
