import type { Endpoint, Sample, SampleRequest } from '../../server/src/model/endpoint.ts';
import type { PlayOptions } from '../../server/src/selfplay/play.ts';
import { openStore } from '../../server/src/store/open-store.ts';
import type { Store } from '../../server/src/store/store.ts';
import { scriptedSandbox } from './scripted-sandbox.ts';

/** A model that says the same line to every prompt: what is tested is what self-play makes of it. */
export function saying(
  line: string,
  change: {
    digest?: () => string;
    onSample?: (request: SampleRequest) => void;
    answer?: (request: SampleRequest) => string;
  } = {},
): Endpoint {
  const info = () => ({
    name: 'm:latest',
    digest: change.digest?.() ?? 'd'.repeat(64),
    family: 'f',
    contextLength: 4096,
  });
  const tokens = [...line].map((character) => ({
    bytes: Buffer.from(character).toString('base64'),
    logprob: -1,
  }));
  const sample: Sample = {
    text: line,
    tokens,
    finish: 'delimiter',
    promptCut: false,
    promptTokens: 10,
    completionTokens: tokens.length,
    promptMs: 1,
    completionMs: 1,
    wallMs: 2,
  };
  return {
    host: 'http://127.0.0.1:1',
    probe: () => Promise.resolve({ state: 'ready', version: '1', host: '' }),
    model: () => Promise.resolve(info()),
    models: () => Promise.resolve([info()]),
    render: () => Promise.resolve(''),
    sample: (request) => {
      change.onSample?.(request);
      const text = change.answer?.(request) ?? sample.text;
      return Promise.resolve({ ...sample, text });
    },
  };
}

/** What the programs of the two tasks give: each task is run again when it is drawn. */
export const sandbox = scriptedSandbox(({ call: [argument] }) => ({
  outcome: 'exception',
  type: argument?.type === 'int' && argument.value === 1n ? 'ValueError' : 'KeyError',
}));

export const options: PlayOptions = { folder: '/w', model: 'm', tasks: 3, randomSeed: 1, stream: true };

/** A store with two tasks, `1` and `2`. */
export async function storeOfTwoTasks(at: string): Promise<Store> {
  const store = await openStore({ path: at });
  const unit = {
    folder: '/w',
    file: 'a.py',
    symbol: 'f',
    line: 1,
    endLine: 2,
    unitHash: 'u',
    fileHash: 'h',
    commit: null,
  };
  const backend = { name: 'pyodide', version: '314.0.7', python: '3.14.2' } as const;
  const common = {
    unit,
    origin: 'mined',
    proposedBy: null,
    state: 'open',
    split: 'train',
    trivial: null,
    backend,
    createdAt: '',
  } as const;
  const task = (id: string, output: string) =>
    ({
      kind: 'deduction',
      id,
      program: 'def f(x):\n    return x\n',
      entry: 'f',
      call: `(${id},)`,
      output,
      ...common,
    }) as const;
  // An exception as the output is no pair, so that nothing can be proposed about the program and only solving is left.
  await store.putTasks([task('1', 'raise ValueError'), task('2', 'raise KeyError')]);
  return store;
}
