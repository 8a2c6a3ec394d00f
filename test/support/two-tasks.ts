import path from 'node:path';
import type { Endpoint, SampleRequest } from '../../server/src/model/endpoint.ts';
import type { PlayOptions } from '../../server/src/selfplay/play.ts';
import { openStore } from '../../server/src/store/open-store.ts';
import type { Store } from '../../server/src/store/store.ts';
import { exampleDeduction } from './example-tasks.ts';
import { scriptedEndpoint } from './scripted-endpoint.ts';
import { scriptedSandbox } from './scripted-sandbox.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A model that says the same line to every prompt: what is tested is what self-play makes of it. */
export function saying(
  line: string,
  change: {
    digest?: () => string;
    onSample?: (request: SampleRequest) => void;
    answer?: (request: SampleRequest) => string;
  } = {},
): Endpoint {
  const endpoint = scriptedEndpoint((request) => {
    change.onSample?.(request);
    return change.answer?.(request) ?? line;
  });
  const model: Endpoint['model'] = async (name, signal) => {
    const info = await endpoint.model(name, signal);
    return info && { ...info, digest: change.digest?.() ?? info.digest };
  };
  return { ...endpoint, model };
}

/** What the programs of the two tasks give: each task is run again when it is drawn. */
export const sandbox = scriptedSandbox(({ call: [argument] }) => ({
  outcome: 'exception',
  type: argument?.type === 'int' && argument.value === 1n ? 'ValueError' : 'KeyError',
}));

export const options: PlayOptions = { folder: '/w', model: 'm', tasks: 3, randomSeed: 1, stream: true };

/** A store with two tasks, `1` and `2`, in a folder that is gone when the test ends. */
export async function storeOfTwoTasks(): Promise<Store> {
  const store = await openStore({ path: path.join(await temporaryFolder(), 'store.db') });
  const task = (id: string, output: string) =>
    exampleDeduction(
      { id, program: 'def f(x):\n    return x\n', entry: 'f', call: `(${id},)`, output },
      { folder: '/w', file: 'a.py', symbol: 'f' },
    );
  // An exception as the output is no pair, so that nothing can be proposed about the program and only solving is left.
  await store.putTasks([task('1', 'raise ValueError'), task('2', 'raise KeyError')]);
  return store;
}
