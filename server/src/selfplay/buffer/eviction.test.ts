import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Task } from '../../../../protocol/task.ts';
import { exampleDeduction } from '../../../../test/support/example-tasks.ts';
import { Archive } from '../archive.ts';
import { choices } from '../choices.ts';
import type { Standing } from '../curriculum/standing.ts';
import { type EvictionParts, evicted } from './eviction.ts';
import { Forgotten } from './forgotten.ts';

const proposed = (id: string): Task => exampleDeduction({ id, origin: 'proposed', proposedBy: 'g' });

/** A task's id says how it stands: `solved 3`. What comes before the number is its pattern too. */
const word = ({ id }: Task) => id.split(' ')[0] ?? '';
const parts = (seed = 1): EvictionParts => ({
  isOpen: (task) => word(task) !== 'stale',
  isAccepted: (task) => word(task) === 'accepted',
  standing: (task): Standing =>
    word(task) === 'solved' ? 'solved' : word(task) === 'parked' ? 'parked' : 'unknown',
  pattern: word,
  choices: choices(seed),
});
const some = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => proposed(`${name} ${index}`));
/** How many of each sort go. */
function gone(tasks: readonly Task[], limit: number, seed = 1): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const task of evicted(tasks, parts(seed), limit)) counts[word(task)] = (counts[word(task)] ?? 0) + 1;
  return counts;
}

describe('eviction', () => {
  it('takes nothing while there is room, and then makes a tenth of it free', () => {
    expect(gone(some('a', 100), 100)).toEqual({});
    expect(gone(some('a', 101), 100)).toEqual({ a: 11 });
  });

  it('takes what is stale, then what is solved, then what is impossible, then others', () => {
    const tasks = [...some('a', 80), ...some('parked', 10), ...some('solved', 10), ...some('stale', 10)];
    expect(gone(tasks.slice(0, 101), 100)).toEqual({ stale: 1, solved: 10 });
    expect(gone(tasks, 108)).toEqual({ stale: 10, solved: 3 });
    expect(gone(tasks, 90)).toEqual({ stale: 10, solved: 10, parked: 9 });
    expect(gone(tasks, 50)).toEqual({ stale: 10, solved: 10, parked: 10, a: 35 });
  });

  it('takes of what there is most of, so that what is rare stays', () => {
    expect(gone([...some('rare', 5), ...some('common', 90), ...some('other', 30)], 100)).toEqual({
      common: 35,
    });
    expect(gone([...some('rare', 5), ...some('common', 60), ...some('other', 60)], 100)).toMatchObject({
      common: 18,
      other: 17,
    });
  });

  it('never takes what was mined, or what a person accepted', () => {
    const mined = Array.from({ length: 50 }, (_, index) => exampleDeduction({ id: `mined ${index}` }));
    expect(gone([...mined, ...some('accepted', 50), ...some('a', 60)], 50)).toEqual({ a: 15 });
  });

  it('asks not for age: of those that are alike the oldest and the newest go as often as others', () => {
    const tasks = some('a', 20);
    const times = new Map<string, number>();
    for (let seed = 0; seed < 400; seed += 1) {
      for (const { id } of evicted(tasks, parts(seed), 10)) times.set(id, (times.get(id) ?? 0) + 1);
    }
    // 11 of 20 go each time: 220 ± 30 (three standard deviations) of 400.
    for (const { id } of tasks) expect(Math.abs((times.get(id) ?? 0) - 220)).toBeLessThan(40);
  });

  it('always takes as many as are too many, each once', () => {
    const names = fc.constantFrom('stale', 'solved', 'parked', 'a', 'b', 'c');
    fc.assert(
      fc.property(fc.array(names, { maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (sorts, limit) => {
        const tasks = sorts.map((sort, index) => proposed(`${sort} ${index}`));
        const ids = evicted(tasks, parts(), limit).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(tasks.length - ids.length).toBe(
          tasks.length <= limit ? tasks.length : Math.floor(0.9 * limit),
        );
      }),
    );
  });
});

describe('an archive that let tasks go', () => {
  const call = (argument: number, change: Partial<Task> = {}) =>
    exampleDeduction({
      id: `${argument}`,
      call: `(${argument},)`,
      output: `${2 * argument}`,
      ...change,
    } as object);
  const other = {
    program: 'def triple(x):\n    return x * 3\n',
    entry: 'triple',
    origin: 'proposed',
  } as const;

  it('keeps the rest, and does not take what went for new', () => {
    const archive = new Archive([call(1), call(2), call(3, other)]);
    const shape = archive.program(other)?.shape ?? '';
    archive.retain([call(2)]);
    expect(archive.program(call(2))?.pairs).toEqual([['(2,)', '4']]);
    expect(archive.program(other)).toBeUndefined();
    expect(archive.hasShape(shape)).toBe(true);
    expect(archive.knowsCall(call(2), '(1,)')).toBe(true);
    expect(archive.knowsCall(call(2), '(2,)')).toBe(true);
    expect(archive.knowsCall(call(2), '(4,)')).toBe(false);
    expect(archive.references()).toHaveLength(1);
  });
});

it('what is forgotten is remembered up to a limit', () => {
  const forgotten = new Forgotten(3);
  for (const thing of ['a', 'b', 'c', 'd']) forgotten.add(thing);
  expect(['a', 'b', 'c', 'd', 'e'].map((thing) => forgotten.has(thing))).toEqual([
    false,
    true,
    true,
    true,
    false,
  ]);
});
