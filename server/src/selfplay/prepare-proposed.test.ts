import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { scriptedSandbox } from '../../../test/support/scripted-sandbox.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { CallProposer } from '../mining/proposing/call-proposer.ts';
import { openStore } from '../store/open-store.ts';
import { prepare } from './prepare.ts';

const { signal } = new AbortController();
const source = 'def f(opaque):\n    return opaque.split()\n\nf("a b")\n';

/** Every call returns something of its own. */
const sandbox = scriptedSandbox(({ call }) => ({
  outcome: 'ok',
  value: {
    type: 'str',
    value: `<${call.map((argument) => (argument.type === 'int' ? argument.value : argument.type))}>`,
  },
}));

/** A folder that is mined into a store, with a model that proposes one number after the other where it can be asked. */
async function workspace() {
  const folder = await temporaryFolder({ 'a.py': source });
  const store = await openStore({ path: path.join(await temporaryFolder(), 'store.db') });
  onTestFinished(() => store.close());
  const model = { isThere: true, asked: 0 };
  const proposer: CallProposer = {
    name: 'm',
    open: () => Promise.resolve(model.isThere ? { ok: true, digest: 'd' } : { ok: false, detail: 'Gone.' }),
    propose: () => {
      model.asked += 1;
      const value = BigInt(Math.min(model.asked, 3));
      return Promise.resolve({ outcome: 'call', call: [{ type: 'int', value }] });
    },
  };
  const bounds = { exclude: [], maxFiles: 10, maxFileBytes: 10_000, split: { by: 'none' } } as const;
  const run = async (files?: readonly string[]) => {
    const { files: read } = await prepare(
      { folder, ...bounds, sources: ['code', 'model'], proposer, ...(files && { files }) },
      { store, sandbox, onEvent: () => undefined },
      signal,
    );
    const seeds = await store.seeds();
    const proposed = seeds.filter(({ provenance }) => provenance.source === 'model');
    return { read, proposed: proposed.map(({ call }) => call).sort() };
  };
  const edit = () => writeFile(path.join(folder, 'a.py'), `${source}\n# Edited.\n`);
  return { run, edit, model };
}

const three = ['(1,)', '(2,)', '(3,)'];

it('keeps what a model proposed over edits, without asking it again', async () => {
  const { run, edit, model } = await workspace();
  expect(await run()).toEqual({ read: 1, proposed: three });
  const { asked } = model;
  expect(await run()).toEqual({ read: 0, proposed: three });
  await edit();
  expect(await run(['a.py'])).toEqual({ read: 1, proposed: three });
  expect(await run()).toEqual({ read: 1, proposed: three });
  expect(model.asked).toBe(asked);
});

it('mines again where the model could not be asked', async () => {
  const { run, model } = await workspace();
  model.isThere = false;
  expect(await run()).toEqual({ read: 1, proposed: [] });
  model.isThere = true;
  expect(await run()).toEqual({ read: 1, proposed: three });
  expect(await run()).toEqual({ read: 0, proposed: three });
});
