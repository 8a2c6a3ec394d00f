import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { CallSource, Seed } from '../../../../protocol/seed.ts';
import { startFakeOllama } from '../../../../test/fake-ollama/fake-ollama.ts';
import type { FakeScript } from '../../../../test/fake-ollama/script.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { ollamaEndpoint } from '../../model/ollama.ts';
import { createSandbox } from '../../sandbox/create-sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { createCallProposer } from '../../selfplay/call-proposer.ts';
import { type MineEvent, type MineOptions, mine } from '../mine.ts';

const { signal } = new AbortController();
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await createSandbox({}, signal);
  await sandbox.verify({ program: 'def f(): return 1\n', entry: 'f', call: [] }, signal);
}, 60_000);
afterAll(() => sandbox.close());

const files = {
  'shout.py': `import enum

def shout(word, times):
    """Shouts a word.

    >>> shout('no', 2)
    'NO!!'
    """
    return word.upper() + '!' * times


def busy(word):
    return word.title()


def unasked(opaque):
    return opaque.split('-')


class Shelf:
    def __init__(self, books):
        self.books = books

    def find(self, start):
        return [book for book in self.books if book.startswith(start)]


for word in 'a':
    busy('a'), busy('b'), busy('c'), busy('d'), busy('e'), busy('f'), busy('g'), busy('h')
`,
};

/** A folder with a model that writes this, `\n` left out: each line by the entry that it is asked for, in turn. */
async function workspace(lines: Readonly<Record<string, readonly string[]>>, script: FakeScript = {}) {
  const asked: string[] = [];
  const counts = new Map<string, number>();
  const fake = await startFakeOllama({
    complete: ({ prompt, randomSeed }) => {
      // Its prompt is counted, which draws nothing.
      if (randomSeed === 0) return '';
      const entry = /(\w+)\($/.exec(prompt)?.[1] ?? '';
      asked.push(prompt);
      const count = counts.get(entry) ?? 0;
      counts.set(entry, count + 1);
      const its = lines[entry] ?? ['?'];
      return `${its[count % its.length]}\n`;
    },
    ...script,
  });
  onTestFinished(() => fake.close());
  const limits = { firstToken: 400, stall: 400, load: 2_000 };
  const connect = () => Promise.resolve({ endpoint: ollamaEndpoint({ host: fake.host, limits }) });
  const folder = await temporaryFolder(files);
  const run = async (
    sources: readonly CallSource[],
    { before = [], ...options }: Partial<MineOptions> & { readonly before?: readonly Seed[] } = {},
    stop = signal,
  ) => {
    const proposing = { proposer: createCallProposer('fake', connect), before };
    const bounds = { exclude: [], maxFiles: 10, maxFileBytes: 10_000, split: { by: 'none' } } as const;
    const events = mine({ folder, ...bounds, sources, sandbox, proposing, ...options }, stop);
    return sort(await Array.fromAsync(events));
  };
  /** The functions that the model was asked about, beside the one that warms it up. */
  const askedAbout = () =>
    new Set(asked.map((prompt) => /(\w+)\($/.exec(prompt)?.[1]).filter((entry) => entry !== 'same'));
  return { run, asked, askedAbout, fake };
}

function sort(events: readonly MineEvent[]) {
  const seeds = events.flatMap((event) => (event.type === 'seed' ? [event.seed] : []));
  return {
    events,
    seeds,
    proposed: seeds
      .filter(({ provenance }) => provenance.source === 'model')
      .map(({ entry, call, output }) => `${entry}${call} = ${output}`)
      .sort(),
    notAsked: events.flatMap((event) =>
      event.type === 'loss' && event.loss === 'not-asked' ? [event.detail] : [],
    ),
  };
}

const good = {
  shout: ["'no', 2)", "'Yes', 3)", 'word, 1)', "'a', 'b')", "'Oh', 1)"],
  unasked: ["'a-b')", '5)', "'c')", "'a-b')"],
  shelf_find: ["['ab', 'b'], 'a')"],
};

describe('calls that a model proposes', () => {
  it('become seeds of functions that have few, verified, with the model that proposed them', async () => {
    const { run, asked, askedAbout } = await workspace(good);
    const { proposed, seeds, events, notAsked } = await run(['doctest', 'code', 'model']);
    expect(proposed).toEqual([
      "shout('Oh', 1) = 'OH!'",
      "shout('Yes', 3) = 'YES!!!'",
      "unasked('a-b',) = ['a', 'b']",
      "unasked('c',) = ['c']",
    ]);
    expect(askedAbout()).toEqual(new Set(['shout', 'unasked']));
    expect(asked.some((prompt) => prompt.includes(">>> shout('no', 2)\n'NO!!'\n>>> shout("))).toBe(true);
    for (const { provenance } of seeds) {
      const isProposed = provenance.source === 'model';
      expect(provenance.callModel).toEqual(isProposed ? expect.stringMatching(/^[0-9a-f]{64}$/) : null);
    }
    const counts = events.filter(({ type }) => type === 'asked');
    expect(counts).toEqual([
      // The known one and what is no call are not new; one of the others raises.
      expect.objectContaining({ symbol: 'shout', answers: 12, wellFormed: 10, fresh: 3, returned: 2 }),
      expect.objectContaining({ symbol: 'unasked', answers: 12, wellFormed: 12, fresh: 3, returned: 2 }),
    ]);
    expect(notAsked).toEqual([]);
  });

  it('are calls of the same program as all others of a method', async () => {
    const { run } = await workspace(good);
    const { seeds } = await run(['generated', 'model']);
    const find = seeds.filter(({ entry }) => entry === 'shelf_find');
    expect(find.map(({ provenance, call }) => [provenance.source, call])).toContainEqual([
      'model',
      "(['ab', 'b'], 'a')",
    ]);
    expect(find.length).toBeGreaterThan(1);
    expect(new Set(find.map(({ program }) => program)).size).toBe(1);
  });

  it('are asked for only where that source was chosen', async () => {
    const { run, fake } = await workspace(good);
    expect((await run(['doctest', 'code', 'generated'])).proposed).toEqual([]);
    expect(fake.requests).toEqual([]);
  });

  it('are not asked for of what is held out', async () => {
    const { run, askedAbout } = await workspace(good);
    const split = { by: 'commit-date', gateFrom: '2000-01-01', testFrom: '2000-01-02' } as const;
    const { seeds } = await run(['doctest', 'code', 'model'], { split });
    expect(new Set(seeds.map((seed) => seed.split))).not.toContain('train');
    expect(seeds.length).toBeGreaterThan(0);
    expect(askedAbout()).toEqual(new Set());
  });

  it('are tried again when the same is mined again, and asked for no second time', async () => {
    const { run, asked } = await workspace(good);
    const { seeds, proposed } = await run(['doctest', 'code', 'model']);
    const before = asked.length;
    const again = await run(['doctest', 'code', 'model'], { before: seeds });
    expect(again.proposed).toEqual(proposed);
    expect(again.seeds.map(({ provenance }) => provenance.callModel)).toEqual(
      seeds.map(({ provenance }) => provenance.callModel),
    );
    expect(asked.length).toBe(before);
  });

  it('are tried again without a model, after an edit', async () => {
    const { run, asked } = await workspace(good);
    const { seeds, proposed } = await run(['doctest', 'code', 'model']);
    const before = asked.length;
    const edited = { files: ['shout.py'], proposing: { before: seeds } };
    expect((await run(['doctest', 'code', 'model'], edited)).proposed).toEqual(proposed);
    expect((await run(['doctest', 'code', 'model'], { proposing: {} })).proposed).toEqual([]);
    expect(asked.length).toBe(before);
  });
});

describe('a model that is of no use', () => {
  const others = async () => {
    const { run } = await workspace({});
    return (await run(['doctest', 'code'])).seeds.map(({ id }) => id);
  };
  const scripts: readonly (readonly [what: string, script: FakeScript, told: string | undefined])[] = [
    ['is missing', { models: [] }, 'ollama pull fake'],
    ['writes rubbish', { complete: () => '))) def ( import os\n' }, undefined],
    [
      'cannot be loaded',
      {
        fault: ({ path }) =>
          path === '/api/generate'
            ? { fault: 'status', status: 500, body: '{"error":"no memory"}' }
            : undefined,
      },
      'no memory',
    ],
    [
      'hangs',
      {
        fault: ({ path, body }) =>
          path === '/api/generate' && body.prompt !== '' ? { fault: 'stall', afterLines: 0 } : undefined,
      },
      'no token within',
    ],
    [
      'stops in the middle',
      {
        complete: () => "'abc', 'def', 'ghi')\n",
        fault: ({ path, body }) =>
          path === '/api/generate' && body.options?.num_predict === 64
            ? { fault: 'stall', afterLines: 3 }
            : undefined,
      },
      'stopped in the middle',
    ],
  ];
  it.each(scripts)('costs no other seed where it %s, and is told of once', async (_, script, told) => {
    const { run } = await workspace({}, script);
    const { seeds, notAsked } = await run(['doctest', 'code', 'model']);
    expect(seeds.map(({ id }) => id)).toEqual(await others());
    expect(notAsked).toEqual(told === undefined ? [] : [expect.stringContaining(told)]);
  });

  it('ends within a second with the mining', async () => {
    const { run } = await workspace(
      {},
      {
        fault: ({ path, body }) =>
          path === '/api/generate' && body.prompt !== '' ? { fault: 'slow-headers', ms: 60_000 } : undefined,
      },
    );
    const abort = new AbortController();
    let aborted = 0;
    const limited = run(['doctest', 'code', 'model'], {}, abort.signal);
    setTimeout(() => {
      aborted = performance.now();
      abort.abort();
    }, 300);
    await expect(limited).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - aborted).toBeLessThan(1_000);
  });
});
