import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PresetName } from '../../../protocol/preset.ts';
import { exampleDeduction } from '../../../test/support/example-tasks.ts';
import { scriptedEndpoint } from '../../../test/support/scripted-endpoint.ts';
import { scriptedSandbox } from '../../../test/support/scripted-sandbox.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { play } from './play.ts';

const { signal } = new AbortController();
const silent = () => undefined;
/** Gives the number's text, which no known cheat is after: what real sandboxes find of these is the red team's test. */
const sandbox = scriptedSandbox(({ call: [argument] }) =>
  argument?.type === 'int'
    ? { outcome: 'ok', value: { type: 'str', value: `no. ${argument.value}` } }
    : { outcome: 'exception', type: 'TypeError' },
);

let folder = '';
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'autodidact-curriculum-'));
  store = await openStore({ path: path.join(folder, 'store.db') });
  const task = (id: string, number: number) =>
    exampleDeduction({ id, call: `(${number},)`, output: `'no. ${number}'` });
  await store.putTasks([task('solved', 21), task('never', 33)]);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** Answers the one task, never the other; proposes nothing that can be read. */
const endpoint = scriptedEndpoint(({ prompt }) => (prompt.endsWith('double(21)\n') ? "'no. 21'\n" : '?\n'));

async function played(preset: PresetName, tasks: number) {
  const options = { folder: '/w', model: 'm', tasks, randomSeed: 1, stream: true, preset };
  const run = await play(options, { store, sandbox, endpoint, onEvent: silent }, signal);
  return store.groups({ runId: run.id });
}

describe('a task that is never solved', () => {
  it('is asked for in easier variants, by its own call, twice at most', async () => {
    const groups = await played('autodidact', 60);
    const easier = groups.filter(({ form }) => form === 'easier');
    expect(easier.length).toBeGreaterThan(0);
    expect(easier.length).toBeLessThanOrEqual(2);
    for (const { prompt, role, kind } of easier) {
      expect({ role, kind }).toEqual({ role: 'propose', kind: 'deduction' });
      expect(prompt).toContain(`>>> double(33)\n'no. 33'\n>>> # an easier variant\n>>> def double(`);
    }
  });

  it('is not under a preset without a curriculum', async () => {
    expect((await played('agent0', 60)).filter(({ form }) => form === 'easier')).toEqual([]);
  });
});

describe('what is measured of a version of the model', () => {
  it('holds for its next run', async () => {
    await played('autodidact', 20);
    const rates = await store.rates('d'.repeat(64));
    expect(
      rates
        .filter(({ kind }) => kind === 'deduction')
        .map(({ taskId, right, judged }) => [taskId, right === judged, right === 0]),
    ).toEqual([
      ['never', false, true],
      ['solved', true, false],
    ]);
    const forms = JSON.parse((await store.note('forms')) ?? '') as { version: string; forms: object }[];
    expect(forms.map(({ version }) => version)).toEqual(['d'.repeat(64)]);
    expect(Object.keys(forms[0]?.forms ?? {})).toContain('deduction/call');
  });
});
