import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Seed } from '../../../../protocol/seed.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { createSandbox } from '../../sandbox/create-sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { type MineOptions, mine } from '../mine.ts';

const { signal } = new AbortController();
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createSandbox({}, signal);
  await sandbox.verify({ program: 'def f(): return 1\n', entry: 'f', call: [] }, signal);
}, 60_000);
afterAll(() => sandbox.close());

type Files = Readonly<Record<string, string | Uint8Array>>;

async function mineFiles(files: Files, options: Partial<MineOptions> = {}) {
  const folder = await temporaryFolder(files);
  const sources = ['doctest', 'test', 'code'] as const;
  const bounds = { exclude: [], maxFiles: 100, maxFileBytes: 10_000 };
  const split = { by: 'none' } as const;
  const events = await Array.fromAsync(
    mine({ folder, sources, split, ...bounds, sandbox, ...options }, signal),
  );
  const seeds = events.flatMap((event) => (event.type === 'seed' ? [Seed.parse(event.seed)] : []));
  const losses = events.flatMap((event) => (event.type === 'loss' ? [event] : []));
  // Each with the text of the line on which its call is said to stand.
  const brief = seeds.map(({ entry, call, output, provenance: { source, callFile, callLine } }) => {
    const text = files[callFile ?? '']?.toString().split('\n')[(callLine ?? 0) - 1];
    return `${entry}${call} = ${output} · ${source} ${callFile} ${text?.trim()}`;
  });
  return {
    events,
    seeds,
    brief,
    losses: losses.map(({ file, symbol, loss, detail }) =>
      `${file} ${symbol ?? '-'} ${loss} ${detail}`.trim(),
    ),
  };
}

function notebook(...cells: string[]): string {
  const written = cells.map((text) => ({
    cell_type: 'code',
    outputs: [{ output_type: 'stream', text: ['area(99)\n'] }],
    source: text.split(/(?<=\n)/),
  }));
  return JSON.stringify({ cells: written, metadata: {}, nbformat: 4, nbformat_minor: 5 }, null, 1);
}

const module = 'def area(r, n=1):\n    return r * r * 3 + n\n';

describe('mining notebooks and documents', () => {
  it('finds units of notebooks, and calls in notebooks and in blocks of documents', async () => {
    const work = notebook(
      '%matplotlib inline\nfrom shapes import area\nimport pandas as pd',
      'df = pd.read_csv("x.csv")\n!ls',
      'SELECT * FROM x',
      'def twice(x):\n    """\n    >>> twice(4)\n    8\n    """\n    return area(x, x) * 0 + 2 * x\n',
      '%%bash\narea(98)',
      '%%time\narea(5)\ntwice(3)',
    );
    const { events, seeds, brief, losses } = await mineFiles({
      'shapes.py': module,
      'notebooks/work.ipynb': work,
      'README.md':
        'Use it:\n\n```python\nfrom shapes import area\narea(7)\n```\n\n```python\n$ no code\n```\n',
      'docs/use.rst': 'As in::\n\n    area(8)\n',
    });
    expect(events[0]).toEqual({ type: 'found', files: 2, skipped: 0 });
    expect(brief.toSorted()).toEqual([
      'area(5,) = 76 · code notebooks/work.ipynb "area(5)\\n",',
      'area(7,) = 148 · code README.md area(7)',
      'area(8,) = 193 · code docs/use.rst area(8)',
      'twice(3,) = 6 · code notebooks/work.ipynb "twice(3)"',
      'twice(4,) = 8 · doctest notebooks/work.ipynb "    >>> twice(4)\\n",',
    ]);
    expect(losses).toEqual(['notebooks/work.ipynb - syntax cell 3: line 1']);
    const lines = work.split('\n');
    const its = seeds.find(({ entry }) => entry === 'twice');
    expect(its?.program).toMatch(/^def area\(r, n=1\):\n[^%!]*def twice\(x\):\n {4}return area/);
    const { line = 0, endLine = 0 } = its?.provenance ?? {};
    expect(lines[line - 1]).toContain('"def twice(x):\\n"');
    expect(lines[endLine - 1]).toContain('return area(x, x)');
  });

  it('makes examples of what notebooks and blocks write with more than literals', async () => {
    const { brief } = await mineFiles({
      'm.py':
        'class Bag:\n    def __init__(self, items):\n        self.items = items\n    def most(self):\n        return max(self.items)\n',
      'a.ipynb': notebook('from m import Bag\nstart = [1, 5]', 'Bag(start + [4]).most()'),
      'README.rst': '.. code-block:: python\n\n  from m import Bag\n  bag = Bag([3, 2])\n  bag.most()\n',
    });
    expect(brief.map((text) => text.replace(/^.* = /, ''))).toEqual(
      expect.arrayContaining([
        '5 · code a.ipynb "Bag(start + [4]).most()"',
        '3 · code README.rst bag.most()',
      ]),
    );
  });

  it('does not let others import a notebook', async () => {
    const { brief, losses } = await mineFiles({
      'work.ipynb': notebook('def inner(x):\n    return x + 1\n\ninner(1)'),
      'm.py': 'from work import inner\n\ndef outer(x):\n    return inner(x)\n\nouter(2)\ninner(3)\n',
    });
    expect(brief).toEqual(['inner(1,) = 2 · code work.ipynb "inner(1)"']);
    expect(losses).toEqual(['m.py outer third-party-import work.inner']);
  });

  it('loses what is no notebook with a reason, and nothing else', async () => {
    const { brief, losses } = await mineFiles({
      'm.py': `${module}area(1)\n`,
      'bad/cut.ipynb': notebook('area(2)').slice(0, 60),
      'bad/deep.ipynb': `{"cells": ${'['.repeat(30_000)}`,
      'bad/empty.ipynb': '',
      'bad/huge.ipynb': notebook('x'.repeat(90_000)),
      'bad/latin.ipynb': new Uint8Array([0x7b, 0xe9, 0x7d]),
      'bad/list.ipynb': '[]',
      'bad/long.ipynb': notebook('#'.repeat(10_001)),
      'bad/no-cells.ipynb': '{"nbformat": 4}',
      'bad/r.ipynb': '{"cells": [], "metadata": {"language_info": {"name": "R"}}}',
    });
    expect(brief).toEqual(['area(1,) = 4 · code m.py area(1)']);
    expect(losses).toEqual([
      'bad/cut.ipynb - not-a-notebook no JSON with cells',
      'bad/deep.ipynb - not-a-notebook JSON that is too deep',
      'bad/empty.ipynb - not-a-notebook no JSON with cells',
      expect.stringMatching(/^bad\/huge.ipynb - too-large \d+ bytes, 80000 allowed$/),
      'bad/latin.ipynb - not-utf8 bytes that are no UTF-8',
      'bad/list.ipynb - not-a-notebook no JSON with cells',
      'bad/long.ipynb - too-large 10001 characters of code, 10000 allowed',
      'bad/no-cells.ipynb - not-a-notebook no JSON with cells',
      'bad/r.ipynb - not-a-notebook in R',
    ]);
  });

  it('reads a notebook whose outputs are larger than a Python file may be', async () => {
    const large = JSON.parse(notebook('def f(x):\n    return x + 1', 'f(1)')) as {
      cells: { outputs: unknown }[];
    };
    for (const cell of large.cells) cell.outputs = ['A'.repeat(20_000)];
    const { brief, losses } = await mineFiles({ 'a.ipynb': JSON.stringify(large) });
    expect(brief).toEqual([expect.stringMatching(/^f\(1,\) = 2 · code a\.ipynb \{"cells":\[/)]);
    expect(losses).toEqual([]);
  });

  it('mines again what an edited notebook defines and calls', async () => {
    const files = {
      'm.py': module,
      'other.py': 'def other(x):\n    return x\n\nother(3)\n',
      'a.ipynb': notebook('from m import area\narea(2)'),
    };
    const { brief } = await mineFiles(files, { files: ['a.ipynb'] });
    expect(brief).toEqual(['area(2,) = 13 · code a.ipynb "area(2)"']);
    const module2 = await mineFiles(files, { files: ['m.py'] });
    expect(module2.brief).toEqual(['area(2,) = 13 · code a.ipynb "area(2)"']);
  });
});
