import { expect, it } from 'vitest';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { sharedSandbox } from './shared-sandbox.ts';

const backend = { name: 'pyodide', version: '314.0.7', python: '3.14.2' } as const;

/** Counts what is opened and closed; opening waits until told. */
function counting() {
  const counts = { opened: 0, closed: 0 };
  const opening: (() => void)[] = [];
  const create = async (signal: AbortSignal) => {
    await new Promise<void>((resolve, reject) => {
      opening.push(resolve);
      signal.addEventListener('abort', () => reject(signal.reason));
    });
    counts.opened += 1;
    const close = async () => {
      counts.closed += 1;
    };
    return { close, backend, choice: '' } as Sandbox;
  };
  return {
    counts,
    open: () => opening.splice(0).forEach((resolve) => void resolve()),
    shared: sharedSandbox(create),
  };
}

const never = new AbortController().signal;

it('opens one for all who use it at once, and closes it after the last', async () => {
  const { counts, open, shared } = counting();
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  const uses = [shared.use(() => first.promise, never), shared.use(() => second.promise, never)];
  open();
  first.resolve();
  await uses[0];
  expect(counts).toEqual({ opened: 1, closed: 0 });
  second.resolve();
  await uses[1];
  expect(counts).toEqual({ opened: 1, closed: 1 });
});

it('ends the start when the only one who waits for it gives up', async () => {
  const { counts, shared } = counting();
  const stop = new AbortController();
  const use = shared.use(async () => 'never', stop.signal);
  stop.abort();
  await expect(use).rejects.toMatchObject({ name: 'AbortError' });
  expect(counts).toEqual({ opened: 0, closed: 0 });
});

it('lets others go on when one of them gives up', async () => {
  const { counts, open, shared } = counting();
  const stop = new AbortController();
  const gone = shared.use(async () => 'never', stop.signal);
  const stays = shared.use(async () => 'done', never);
  stop.abort();
  await expect(gone).rejects.toMatchObject({ name: 'AbortError' });
  open();
  expect(await stays).toBe('done');
  expect(counts).toEqual({ opened: 1, closed: 1 });
});

it('starts anew after a start that failed', async () => {
  let starts = 0;
  const shared = sharedSandbox(async () => {
    starts += 1;
    if (starts === 1) throw new Error('broken');
    return { close: async () => undefined, backend, choice: '' } as Sandbox;
  });
  await expect(shared.use(async () => 1, never)).rejects.toThrow('broken');
  expect(await shared.use(async () => 2, never)).toBe(2);
  expect(shared.told).toBe('pyodide 314.0.7, Python 3.14.2 ()');
});
