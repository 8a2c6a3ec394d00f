import { expect, it } from 'vitest';
import { sampleTask } from '../../../test/support/sample-records.ts';
import { scriptedSandbox } from '../../../test/support/scripted-sandbox.ts';
import type { Result } from '../sandbox/sandbox.ts';
import { stillHolds } from './still-holds.ts';

const { signal } = new AbortController();
const six = { outcome: 'ok', value: { type: 'int', value: 6n } } as const;

it.each<[string, Result | { readonly outcome: 'drifts' }, boolean]>([
  ['the same output', six, true],
  ['another output', { outcome: 'ok', value: { type: 'int', value: 7n } }, false],
  ['an exception instead', { outcome: 'exception', type: 'ValueError' }, false],
  ['drift', { outcome: 'drifts' }, false],
  ['a limit, which says nothing', { outcome: 'limit', limit: 'cpu' }, true],
])('a task with %s', async (_name, found, holds) => {
  const task = sampleTask('drawn', { call: '(3,)', output: '6' });
  expect(
    await stillHolds(
      task,
      scriptedSandbox(() => found),
      signal,
    ),
  ).toBe(holds);
});
