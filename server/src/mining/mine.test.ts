import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Seed } from '../../../protocol/seed.ts';
import { sortEvents, useMining } from '../../../test/support/mining.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { type MineEvent, mine } from './mine.ts';

const { signal } = new AbortController();
const { sandbox, start, mineFiles } = useMining();

describe('seeds', () => {
  it('come from doctests, tests and code, with their whole provenance', async () => {
    const folder = await temporaryFolder({
      'pkg/__init__.py': '',
      'pkg/m.py':
        'import math\n\n\ndef area(r, n=1):\n    """\n    >>> area(2)\n    """\n    return math.floor(r * r * 3) * n\n',
      'tests/test_m.py': 'from pkg.m import area\n\ndef test_area():\n    assert area(n=2, r=1) == 6\n',
      'pkg/other.py': 'from .m import area\nBIG = area(10)\n',
      'README.md': 'So:\n\n    >>> area(3)\n    27\n',
    });
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
        encoding: 'utf8',
      });
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '-m', 'First');
    const { seeds, events } = sortEvents(await Array.fromAsync(start(folder)));
    expect(
      seeds.map(({ call, output, provenance: { source, callFile, callLine } }) => [
        call,
        output,
        source,
        callFile,
        callLine,
      ]),
    ).toEqual([
      ['(2,)', '12', 'doctest', 'pkg/m.py', 6],
      ['(3,)', '27', 'doctest', 'README.md', 3],
      ['(1, 2)', '6', 'test', 'tests/test_m.py', 4],
      ['(10,)', '300', 'code', 'pkg/other.py', 2],
    ]);
    for (const seed of seeds) {
      expect(() => Seed.parse(seed)).not.toThrow();
      expect(seed.program).toBe('import math\n\n\ndef area(r, n=1):\n    return math.floor(r * r * 3) * n\n');
      expect(seed.provenance).toMatchObject({
        folder,
        file: 'pkg/m.py',
        symbol: 'area',
        line: 4,
        endLine: 8,
        commit: git('rev-parse', 'HEAD').trim(),
      });
    }
    expect(events[0]).toEqual({ type: 'found', files: 4, skipped: 1 });
    expect(new Set(seeds.map(({ id }) => id)).size).toBe(4);
  });

  it('have ids and unit hashes that change with the unit alone', async () => {
    const unit = 'def f(x):\n    return x + 1\nf(1)\n';
    const [one] = (await mineFiles({ 'a.py': unit })).seeds;
    const [moved] = (await mineFiles({ 'a.py': `# more\n\n${unit}` })).seeds;
    const [changed] = (await mineFiles({ 'a.py': unit.replace('+ 1', '+ 2') })).seeds;
    expect(moved?.id).toBe(one?.id);
    expect(moved?.provenance.unitHash).toBe(one?.provenance.unitHash);
    expect(changed?.provenance.unitHash).not.toBe(one?.provenance.unitHash);
    expect(one?.provenance.commit).toBeNull();
  });

  it('of a function that gives an iterator hold the list of its items', async () => {
    const { seeds, brief } = await mineFiles({
      'a.py': 'def pairs(xs, *more, k=2):\n    for x in xs:\n        yield x, k\npairs([1, 2])\n',
    });
    expect(brief).toEqual(['pairs_list([1, 2],) = [(1, 2), (2, 2)]']);
    expect(seeds[0]?.program).toMatch(
      /def pairs_list\(xs, \*more\):\n {4}return list\(pairs\(xs, \*more\)\)\n$/,
    );
    expect(seeds[0]?.provenance.symbol).toBe('pairs');
  });

  it('keep exceptions beside values, few of them', async () => {
    const calls = ['1', '0', "'a'", '[0]', 'None'].map((argument) => `f(${argument})\n`).join('');
    expect((await mineFiles({ 'a.py': `def f(x):\n    return 6 // x\n${calls}` })).brief).toEqual([
      'f(1,) = 6',
      'f(0,) = raise ZeroDivisionError',
      "f('a',) = raise TypeError",
    ]);
  });

  it('are chosen for distinct outputs first, and bounded for a unit', async () => {
    const calls = Array.from({ length: 60 }, (_, n) => `f(${n})\n`).join('');
    const { brief, losses } = await mineFiles({ 'a.py': `def f(x):\n    return x // 4\n${calls}` });
    expect(brief).toHaveLength(16);
    expect(new Set(brief.map((each) => each.split(' = ')[1]))).toHaveProperty('size', 15);
    expect(losses).toHaveLength(44);
  });

  it('come from files with a byte order mark and with CRLF', async () => {
    const { brief } = await mineFiles({ 'a.py': '\uFEFFdef f(x):\r\n    return x + 1\r\nf(1)\r\n' });
    expect(brief).toEqual(['f(1,) = 2']);
  });

  it('have a program that shows no answer, with as much prose as that allows', async () => {
    const shown = await mineFiles({
      'a.py':
        'def f(x):\n    """Gives [7, 8, 9] for seven."""\n    # from x on\n    return [x, x + 1, x + 2]\nf(7)\nf(1)\n',
    });
    expect(shown.brief).toEqual(['f(7,) = [7, 8, 9]', 'f(1,) = [1, 2, 3]']);
    expect(shown.seeds[0]?.program).toBe('def f(x):\n    # from x on\n    return [x, x + 1, x + 2]\n');
    const live = await mineFiles({
      'a.py':
        "def f(x):\n    if x > 3:\n        return 'large one'\n    return 'small' + ' one' * x\nf(9)\nf(1)\nUNUSED = 'large one'\n",
    });
    expect(live.brief).toEqual(["f(9,) = 'large one'", "f(1,) = 'small one'"]);
  });
});

describe('calls of what may read the outside', () => {
  it('are kept where they do not, and lost where they do', async () => {
    const module =
      'from datetime import date\n\n\ndef f(day=None):\n    if day is None:\n        day = date.today()\n';
    const calls = 'f(date(2020, 1, 1))\nf(3)\nf()\nf(None)\n';
    const { brief, events } = await mineFiles({ 'a.py': `${module}    return str(day)[:2]\n${calls}` });
    expect(brief).toEqual(["f(3,) = '3'"]);
    expect(events).toContainEqual(
      expect.objectContaining({ loss: 'does-io', detail: '(None,): datetime.date.today' }),
    );
  });

  it('are lost where they ask what a module is called, or what else it has', async () => {
    const { brief } = await mineFiles({
      'm.py':
        'class A: pass\nclass B(A): pass\ndef f(x):\n    if x == 1:\n        return A.__module__\n    if x == 2:\n        return len(A.__subclasses__())\n    return x * 2\nf(1)\nf(2)\nf(3)\n',
    });
    expect(brief).toEqual(['f(3,) = 6']);
  });

  it('are kept where a wrapper only takes the name of a module over, unless it is shown', async () => {
    const { brief } = await mineFiles({
      'm.py': `class Named:
    def __init__(self, function):
        self.function = function
        self.__module__ = getattr(function, '__module__', None)

def double(x):
    return 2 * x

def called(x):
    return Named(double).function(x)

def shown(x):
    return [vars(Named(str)), x]

def read(x):
    return [getattr(Named(double), '__module__'), x]
called(4)
shown(4)
read(4)
`,
    });
    expect(brief).toEqual(['called(4,) = 8']);
  });

  it('know the words of the outside from names that only hold them', async () => {
    const { brief } = await mineFiles({
      'a.py':
        'def f(reopen, path):\n    if reopen:\n        return reopen + 1\n    return open(path)\nf(1, 2)\n',
    });
    expect(brief).toEqual(['f(1, 2) = 2']);
  });
});

describe('losses', () => {
  it.each<[string, string]>([
    ['f: no-parameter', 'def f(): return 1\nf()\n'],
    ['f: is-async', 'async def f(x): return 1\nf(1)\n'],
    ['A.f: no-call', 'class A:\n    def f(self): return 1\n'],
    ['f: is-conditional', 'if 1 > 0:\n    def f(x): return x\nf(1)\n'],
    ['f: decorated', 'import click\n@click.command\ndef f(x): return x\nf(1)\n'],
    ['f: does-io', 'def f(x): return open(x)\nf(1)\n'],
    ['f: unknown-name', 'def f(x): return y\nf(1)\n'],
    ['f: third-party-import', 'import numpy\ndef f(x): return numpy.sum(x)\nf(1)\n'],
    ['f: no-call', 'def f(x): return x\n'],
    ['f: call-not-literal', 'def f(x): return x\nf(g())\n'],
    ['f: raises', 'def f(x): return x.y\nf(1)\n'],
    ['f: limit', 'def f(x):\n    while x: pass\nf(1)\n'],
    ['f: unencodable', 'def f(x): return [lambda: 1] * x\nf(1)\n'],
    ['f: unencodable', 'class A: pass\ndef f(x): return A()\nf(1)\n'],
    ['f: unencodable', "def f(x): return float('nan')\nf(1)\n"],
    ['f: none-output', 'def f(x): x.append(1)\nf([])\n'],
    ['f: drifts', "def f(x): return list({'a', 'b', 'c', 'd', 'e', x})\nf('x')\n"],
    ['f: answer-in-prompt', "def f(x):\n    if x:\n        return 'spam' * 2\n    return 'spamspam'\nf(1)\n"],
  ])('%s', async (expected, source) => {
    const { brief, losses } = await mineFiles({ 'a.py': source });
    expect(losses).toEqual([expected]);
    expect(brief).toEqual([]);
  });

  it('of files have their reasons, and other files are mined', async () => {
    const good = 'def f(x): return x + 1\nf(1)\n';
    const { brief, events } = await mineFiles({
      'broken.py': 'def f(:\n',
      'good.py': good,
      'large.py': `${'#'.repeat(10_001)}\n`,
      'latin.py': new Uint8Array([0x23, 0xe9, 0x0a]),
      'two.py': 'print "hello"\n',
    });
    expect(brief).toEqual(['f(1,) = 2']);
    const losses = events.flatMap((event) =>
      event.type === 'loss' ? [`${event.file}: ${event.loss}: ${event.detail}`] : [],
    );
    expect(losses).toEqual([
      'broken.py: syntax: line 1',
      'large.py: too-large: 10002 bytes, 10000 allowed',
      'latin.py: not-utf8: bytes that are no UTF-8',
      'two.py: syntax: line 1: Python 2',
    ]);
  });

  it('tell of a bound on files, and of the same program twice', async () => {
    const good = 'def f(x): return x + 1\nf(1)\n';
    const { losses } = await mineFiles({ 'a.py': good, 'b.py': good, 'c.py': good }, { maxFiles: 2 });
    expect(losses).toEqual(['file: too-many-files', 'f: duplicate']);
  });

  it('tell of a file that goes away or changes meanwhile', async () => {
    const good = 'def f(x): return x + 1\nf(1)\n';
    const folder = await temporaryFolder({ 'a.py': good, 'b.py': good.replace('+ 1', '+ 2') });
    const events: MineEvent[] = [];
    for await (const event of start(folder)) {
      events.push(event);
      if (event.type === 'found') await rm(join(folder, 'a.py'));
      if (event.type === 'file') await writeFile(join(folder, event.file), good);
    }
    expect(sortEvents(events)).toMatchObject({ brief: [], losses: ['file: unreadable', 'f: changed'] });
  });

  it('do not end it: a folder that is gone is one', async () => {
    expect(sortEvents(await Array.fromAsync(start('/nowhere/at/all')))).toMatchObject({
      losses: ['file: unreadable'],
    });
  });
});

describe('an edit', () => {
  it('mines the units of the edited files, and the units that they call', async () => {
    const { brief, events } = await mineFiles(
      {
        'a.py': 'def f(x): return x + 1\ndef other(x): return x\nother(5)\n',
        'b.py': 'from c import g\ndef h(x): return x + 3\ng(2)\n',
        'c.py': 'from b import h\ndef g(x): return x + 2\nh(3)\n',
        'd.py': 'from a import f\nf(1)\n',
      },
      { files: ['b.py'] },
    );
    expect(brief).toEqual(['h(3,) = 6', 'g(2,) = 4']);
    expect(events.filter(({ type }) => type === 'file')).toEqual([{ type: 'file', file: 'b.py', units: 1 }]);
  });
});

describe('stopping', () => {
  const files = Object.fromEntries(
    Array.from({ length: 60 }, (_, n) => [`m${n}.py`, `def f(x):\n    while x: pass\nf(${n + 1})\n`]),
  );

  it('takes effect within a second while files are read', async () => {
    const folder = await temporaryFolder(files);
    const abort = new AbortController();
    const options = { folder, exclude: [], maxFiles: 100, maxFileBytes: 10_000, sandbox: sandbox() };
    let aborted = 0;
    const stopping = async () => {
      for await (const event of mine(options, abort.signal)) {
        if (event.type !== 'file') continue;
        aborted = performance.now();
        abort.abort();
      }
    };
    await expect(stopping()).rejects.toThrow(/abort/i);
    expect(performance.now() - aborted).toBeLessThan(1_000);
  });

  it('takes effect while programs run, and lets go of what runs when nobody reads on', async () => {
    const folder = await temporaryFolder(files);
    let started = 0;
    for await (const event of start(folder)) {
      if (event.type !== 'loss') continue;
      started = performance.now();
      break;
    }
    expect(started).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(await sandbox().health(signal)).toBe(true);
  });
});
