import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { createSandbox } from '../../sandbox/create-sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { mine } from '../mine.ts';

const { signal } = new AbortController();
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createSandbox({}, signal);
}, 60_000);
afterAll(() => sandbox.close());

async function wrappersOf(module: string): Promise<Set<string>> {
  const folder = await temporaryFolder({ 'm.py': module });
  const options = { folder, exclude: [], maxFiles: 10, maxFileBytes: 10_000, sandbox };
  const events = await Array.fromAsync(
    mine({ ...options, sources: ['generated'], split: { by: 'none' } }, signal),
  );
  const seeds = events.flatMap((event) => (event.type === 'seed' ? [event.seed] : []));
  return new Set(
    seeds.filter(({ entry }) => entry !== 'f').map(({ program }) => program.split('\n\n\n').at(-1) ?? ''),
  );
}

it('gives what a function takes by name only, as people write it', async () => {
  expect(
    await wrappersOf(
      'def f(xs: list[int], times: int = 2, *, strict: bool = False):\n    if strict:\n        return [x * times for x in xs]\n    return sum(xs)\n',
    ),
  ).toEqual(new Set(['def f_with_strict(xs, strict):\n    return f(xs, strict=strict)\n']));
});

it('gives what must be given by name, and lists what is yielded', async () => {
  expect(
    await wrappersOf(
      'def f(xs: list[int], *, by: int, key=None, start: int = 0):\n    for x in sorted(xs, key=key):\n        yield x * by + start\n',
    ),
  ).toEqual(new Set(['def f_with_options(xs, by, start):\n    return list(f(xs, by=by, start=start))\n']));
});

it('is none where that is a function, or has no literals', async () => {
  expect(await wrappersOf('def f(x: int, *, key=None):\n    return x + 1\n')).toEqual(new Set());
  expect(await wrappersOf('def f(x: int, *, to: Widget):\n    return to(x)\n')).toEqual(new Set());
});
