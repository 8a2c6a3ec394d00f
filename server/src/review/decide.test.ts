import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Task } from '../../../protocol/task.ts';
import { sampleTask } from '../../../test/support/sample-records.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { shapeHash } from '../mining/program-shape.ts';
import { Archive } from '../selfplay/archive.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { decide, type ReviewDesk, undoLast } from './decide.ts';
import { ReviewedPatterns } from './reviewed-patterns.ts';

const task = sampleTask('task');
const variant = sampleTask('variant', { origin: 'reviewed', variantOf: 'task', call: '(3,)', output: '6' });

async function desk(tasks: readonly Task[] = [task]): Promise<ReviewDesk & { readonly store: Store }> {
  const store = await openStore({ path: path.join(await temporaryFolder(), 'store.db') });
  onTestFinished(() => store.close());
  await store.putTasks(tasks);
  return { store, reviewer: 'ann', now: () => '2026-01-02T03:04:05.678Z' };
}

const states = async ({ store }: { readonly store: Store }) =>
  (await store.tasks()).map(({ id, state }) => `${id} ${state}`);

it('a rejected task is retired, and what it was before once that is taken back', async () => {
  const at = await desk([sampleTask('task', { state: 'stale' })]);
  const [stale] = await at.store.tasks();
  if (stale === undefined) throw new TypeError('The task is gone.');
  await decide(stale, { decision: 'reject', reason: 'unclear' }, at);
  expect(await states(at)).toEqual(['task retired']);
  expect(await undoLast(at)).toMatchObject({ decision: 'reject', reason: 'unclear' });
  expect(await states(at)).toEqual(['task stale']);
});

it('of decisions on one task the newest stands; undoing goes back one by one and deletes nothing', async () => {
  const at = await desk();
  await decide(task, { decision: 'reject', reason: 'trivial' }, at);
  await decide({ ...task, state: 'retired' }, { decision: 'reject', reason: 'private' }, at);
  await decide({ ...task, state: 'retired' }, { decision: 'accept' }, at);
  expect(await states(at)).toEqual(['task open']);
  expect(await undoLast(at)).toMatchObject({ decision: 'accept' });
  expect(await states(at)).toEqual(['task retired']);
  expect(await undoLast(at)).toMatchObject({ reason: 'private' });
  expect(await states(at)).toEqual(['task retired']);
  expect(await undoLast(at)).toMatchObject({ reason: 'trivial' });
  expect(await states(at)).toEqual(['task open']);
  expect(await undoLast(at)).toBeUndefined();
  expect((await at.store.reviews()).map(({ decision }) => decision)).toEqual([
    'reject',
    'reject',
    'accept',
    'undo',
    'undo',
    'undo',
  ]);
});

it('an edit adds a task beside the other; taken back, it is retired, and made again it is open', async () => {
  const at = await desk();
  await decide(task, { decision: 'edit', variant }, at);
  expect(await at.store.tasks()).toEqual([task, variant]);
  await undoLast(at);
  expect(await states(at)).toEqual(['task open', 'variant retired']);
  await decide(task, { decision: 'edit', variant }, at);
  expect(await states(at)).toEqual(['task open', 'variant open']);
});

it('an edit that leads to a task that is there leaves that one alone, also when it is taken back', async () => {
  const at = await desk([task, sampleTask('variant', { call: '(3,)', output: '6' })]);
  await decide(task, { decision: 'edit', variant }, at);
  await undoLast(at);
  expect((await at.store.tasks()).map(({ id, origin, state }) => [id, origin, state])).toEqual([
    ['task', 'mined', 'open'],
    ['variant', 'mined', 'open'],
  ]);
});

it('rejections concern the kind and the shape of the program, whatever its names, until they are taken back', async () => {
  const at = await desk([
    task,
    sampleTask('other', { program: 'def f(a):\n    return a + 1\n', entry: 'f' }),
  ]);
  const patterns = new ReviewedPatterns();
  const renamed = () => shapeHash('def double(x):\n    return 2 * x\n', 'double');
  expect(await patterns.refresh(at.store)).toBe(false);
  await decide(task, { decision: 'reject', reason: 'trivial' }, at);
  expect(patterns.isRejected('deduction', renamed)).toBe(false);
  expect(await patterns.refresh(at.store)).toBe(true);
  expect(patterns.isRejected('deduction', renamed)).toBe(true);
  expect(patterns.isRejected('abduction', renamed)).toBe(false);
  expect(patterns.isRejected('deduction', () => shapeHash('def f(a):\n    return a + 1\n', 'f'))).toBe(false);
  expect(patterns.isRejectedTask('task')).toBe(true);
  await undoLast(at);
  await patterns.refresh(at.store);
  expect(patterns.isRejected('deduction', renamed)).toBe(false);
  expect(patterns.isRejectedTask('task')).toBe(false);
});

it('a proposed program becomes a reference when a task about it is accepted', async () => {
  const proposed = sampleTask('proposed', {
    origin: 'proposed',
    program: 'def f(a):\n    return a + 1\n',
    entry: 'f',
  });
  const at = await desk([task, proposed]);
  const archive = new Archive(await at.store.tasks());
  expect(archive.references().map(({ entry }) => entry)).toEqual(['twice']);
  await decide(proposed, { decision: 'accept' }, at);
  await archive.reviewed.refresh(at.store);
  expect(archive.references().map(({ entry }) => entry)).toEqual(['twice', 'f']);
});
