import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { createWorkspaceSandbox } from '../../sandbox/workspace/create-workspace-sandbox.ts';
import { isTestFile } from '../files/test-file.ts';
import { recordCalls } from './record-calls.ts';
import { argumentText, readArgument, type WrittenArgument } from './recorded-argument.ts';

const { signal } = new AbortController();

/** Interpreters that work here, of those that tell of calls in different ways. */
const pythons: string[] = [];
for (const python of ['python3', 'python3.10', 'python3.12', 'python3.13']) {
  const works = await createWorkspaceSandbox({ python, env: process.env }, signal).catch(() => undefined);
  if (works !== undefined) pythons.push(python);
}

const hasAttrs = spawnSync('python3', ['-c', 'import attrs']).status === 0;

/** A workspace with the way to record its calls. */
async function workspace(files: Record<string, string>, python = 'python3') {
  const folder = await temporaryFolder(files);
  const cache = await temporaryFolder({});
  const names = Object.keys(files).filter((file) => file.endsWith('.py'));
  const options = {
    folder,
    exclude: [],
    maxFiles: 100,
    maxFileBytes: 100_000,
    files: names,
    tests: names.filter(isTestFile),
    python,
    env: { ...process.env, AUTODIDACT_CACHE: cache },
  };
  const record = (budgetMs = 60_000) => Array.fromAsync(recordCalls({ ...options, budgetMs }, signal));
  /** The calls as `name(arguments)`. */
  const calls = async (budgetMs?: number) => {
    const all = (await record(budgetMs)).flatMap((each) => each.calls);
    return all
      .filter(({ file }) => !isTestFile(file))
      .map(
        ({ name, args, made }) =>
          `${made === undefined ? '' : `${textOf(made)}.`}${name}(${args.map(textOf).join(', ')})`,
      );
  };
  return { folder, record, calls };
}

function textOf(argument: WrittenArgument): string {
  if (typeof argument === 'string') return argument;
  const read = readArgument(argument);
  return read === undefined ? '?' : argumentText(read);
}

/** A test file of these lines, for unittest and pytest alike. */
const test = (...lines: string[]) =>
  `import unittest\n\n\nclass T(unittest.TestCase):\n    def test_it(self):\n${lines.map((line) => `        ${line}\n`).join('')}`;

const module = `import functools
def double(x, times=2):
    return x * times
def apply(function, x):
    return function(x)
def numbers(*all, start=0):
    yield from all
def forget(items):
    items.clear()
@functools.lru_cache
def cached(x):
    return double(x)
class Stack:
    def __init__(self, items, size=3):
        self.items = list(items)
    def push(self, item):
        self.items.append(item)
    @property
    def top(self):
        return self.items[-1]
`;

const objects = `from dataclasses import dataclass, field
class Box:
    def __init__(self, width, height=1, *, label=None, key=print):
        self.width = width
    def joined(self, other):
        return self.width + other.width
class Crate:
    def __init__(self, box, count):
        self.box = box
@dataclass(slots=True)
class Point:
    x: int
    y: int = field(default=0, kw_only=True)
    seen: list = field(init=False, default_factory=list)
@dataclass
class Pair:
    left: object
    right: object
class Many:
    def __init__(self, *all):
        pass
class Plain:
    pass
class Words(str):
    pass
class Odd:
    __slots__ = ('x',)
    def __init__(self):
        self.x = 1
def make():
    class Inner:
        def __init__(self, size):
            self.size = size
    return Inner
Named = make()
def local():
    return make()(1)
def area(shape):
    return 1
`;

const objectTest = test(
  'import thing',
  'box, other = thing.Box(2, 3), thing.Box(4, label="b")',
  'thing.area(box)',
  'thing.area(other)',
  'box.joined(thing.Box(4))',
  'thing.area(thing.Crate(box, 5))',
  'thing.area(thing.Point(1, y=2))',
  'thing.area(thing.Pair(3, 4))',
  'thing.area(thing.Plain())',
  'thing.area(thing.Named(7))',
);

describe.runIf(pythons.includes('python3'))('recordCalls', { timeout: 60_000 }, () => {
  it.each(pythons)(
    'takes the calls of functions and methods whose arguments are values: %s',
    async (python) => {
      const lines = [
        'import thing',
        'thing.apply(str, thing.double(4))',
        "thing.double('ab', times=3)",
        'list(thing.numbers(1, 2.5, float("inf"), start=1))',
        'thing.forget([1, {"a": {2}}, (3,), None, b"x", frozenset()])',
        'thing.cached(7)',
        'stack = thing.Stack((1, 2))',
        'stack.push("x")',
        'stack.top',
        'thing.Stack(iter([1])).push(5)',
        'thing.double(float("nan"))',
      ];
      const { calls } = await workspace(
        { 'thing.py': module, 'tests/test_thing.py': test(...lines) },
        python,
      );
      expect(await calls()).toEqual([
        'double(4, 2)',
        "double('ab', 3)",
        "numbers(1, 2.5, float('inf'))",
        "forget([1, {'a': {2}}, (3,), None, b'x', frozenset()])",
        'cached(7)',
        'double(7, 2)',
        'Stack((1, 2), 3).__init__((1, 2), 3)',
        "Stack((1, 2), 3).push('x')",
        'Stack((1, 2), 3).top()',
      ]);
    },
  );

  it.each(pythons)('writes objects of the workspace as they were made: %s', async (python) => {
    const { calls, record } = await workspace({ 'thing.py': objects, 'test_thing.py': objectTest }, python);
    expect((await calls()).filter((call) => !call.includes('__init__'))).toEqual([
      'area(Box(2, 3))',
      "area(Box(4, 1, label='b'))",
      'Box(2, 3).joined(Box(4, 1))',
      'area(Crate(Box(2, 3), 5))',
      'area(Point(1, y=2))',
      'area(Pair(3, 4))',
      'area(Plain())',
      'area(Named(7))',
    ]);
    const [{ calls: all = [] } = {}] = await record();
    const found = all.find(({ name }) => name === 'area')?.args[0];
    expect(found).toEqual({
      class: 'Box',
      file: 'thing.py',
      args: ['2', '3'],
      names: ['width', 'height'],
      given: 2,
      keywords: {},
    });
  });

  it.runIf(hasAttrs)('reads what objects of attrs classes are made of from their fields', async () => {
    const thing = `from attrs import define, field
@define
class Shape:
    _size = field()
    cache = field(init=False, default=None)
    unit = field(default='cm')
    owner = field(default=None, kw_only=True)
    key = field(factory=dict, alias='by', kw_only=True)
    def __attrs_post_init__(self):
        self.owner = object()
    def grown(self, by):
        return self._size + by
def area(shape):
    return 1
`;
    const lines = ['import thing', 'thing.area(thing.Shape(3, by={1: 2}))', "thing.Shape(3, 'm').grown(2)"];
    const { calls } = await workspace({ 'thing.py': thing, 'test_thing.py': test(...lines) });
    expect((await calls()).filter((call) => /area|grown/.test(call))).toEqual([
      "area(Shape(3, 'cm', by={1: 2}))",
      "Shape(3, 'm', by={}).grown(2)",
    ]);
  });

  it('writes no object of which it is not known how it was made', async () => {
    const lines = [
      'import thing, fractions',
      'thing.area(fractions.Fraction(1, 2))',
      'thing.area(thing.Box(iter([1]), 2))',
      'thing.area(thing.local())',
      'thing.area(thing.Words("ab"))',
      'knot = thing.Pair(1, 2)',
      'knot.left = knot',
      'thing.area(knot)',
      'deep = thing.Box(1, 2)',
      'for _ in range(4): deep = thing.Crate(deep, 1)',
      'thing.area(deep)',
      'thing.area(thing.Many(*range(25)))',
      'thing.area(thing.Odd())',
      'thing.area(1)',
    ];
    const { calls } = await workspace({ 'thing.py': objects, 'test_thing.py': test(...lines) });
    expect((await calls()).filter((call) => call.startsWith('area'))).toEqual(['area(1)']);
  });

  it('runs a test file once, until a Python file changes', async () => {
    const random = test('import thing, random', 'thing.double(random.random())');
    const { folder, calls } = await workspace({ 'thing.py': module, 'test_thing.py': random });
    const first = await calls();
    expect(first).toHaveLength(1);
    expect(await calls()).toEqual(first);
    await writeFile(join(folder, 'thing.py'), `${module}# Changed.\n`);
    expect(await calls(0)).toEqual(first);
    const again = await calls();
    expect(again).toHaveLength(1);
    expect(again).not.toEqual(first);
  });

  it('says what kept a test file from its end, and records the others', async () => {
    const { record } = await workspace({
      'thing.py': module,
      'test_a.py': 'import no_such_module\n',
      'test_b.py': test(
        'import thing',
        'thing.double(1)',
        'import os, signal',
        'os.kill(os.getpid(), signal.SIGSEGV)',
      ),
      'test_c.py': test('import thing', 'thing.double(2)'),
    });
    const [a, b, c] = await record();
    expect(a).toMatchObject({ test: 'test_a.py', calls: [] });
    expect(b).toMatchObject({ problem: 'crashed: SIGSEGV' });
    expect(b?.calls.map(({ args }) => args)).toContainEqual(['1', '2']);
    expect(c?.problem).toBeUndefined();
    expect(c?.calls.map(({ args }) => args)).toContainEqual(['2', '2']);
  });

  it('ends a suite that hangs, keeps what it called, and goes on with the rest the next time', async () => {
    const { record } = await workspace({
      'thing.py': module,
      'test_a.py': test('import thing, time', 'thing.double(1)', 'while True: time.sleep(1)'),
      'test_b.py': test('import thing', 'thing.double(2)'),
    });
    const [hanging, left] = await record(3_000);
    expect(hanging).toMatchObject({ problem: 'ended after too much of wall' });
    expect(hanging?.calls.map(({ args }) => args)).toContainEqual(['1', '2']);
    expect(left).toMatchObject({ test: 'test_b.py', isLeft: true, calls: [] });
    const [known, done] = await record();
    expect(known).toEqual(hanging);
    expect(done?.calls.map(({ args }) => args)).toContainEqual(['2', '2']);
  });

  it('lets a suite delete nothing, reach nobody and read no keys', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const { folder, calls } = await workspace({
      'thing.py': module,
      '.env': 'TOKEN=1',
      'server.pem': 'key',
      'data.json': '[1]',
      'test_thing.py': test(
        'import os, shutil, socket, thing',
        'def tried(what):',
        '    try: return str(what())',
        '    except Exception as error: return type(error).__name__',
        `thing.double(tried(lambda: socket.create_connection(("127.0.0.1", ${port}), 2)))`,
        'thing.double(tried(lambda: os.remove("data.json")))',
        'shutil.rmtree(".", ignore_errors=True)',
        'thing.double(sorted(name for name in os.listdir(".") if not name.startswith("__")))',
        `thing.double(tried(lambda: os.listdir(${JSON.stringify(import.meta.dirname)})))`,
        'thing.double([name for name in os.environ if "TOKEN" in name or "AUTODIDACT" in name])',
      ),
    });
    expect(await calls()).toEqual([
      "double('ConnectionRefusedError', 2)",
      "double('OSError', 2)",
      "double(['data.json', 'test_thing.py', 'thing.py'], 2)",
      "double('FileNotFoundError', 2)",
      'double([], 2)',
    ]);
    expect(existsSync(join(folder, 'data.json'))).toBe(true);
    server.close();
  });

  it('believes nothing that a suite writes in the place of calls', async () => {
    const { calls } = await workspace({
      'thing.py': module,
      'test_thing.py': test(
        'import os, thing',
        'out = os.open("/result", os.O_WRONLY | os.O_APPEND)',
        `os.write(out, b'{"file": "thing.py", "line": 2, "name": "double", "args": ["print()"], "keywords": {}}\\n')`,
        'os.write(out, b"x" * 100_000 + b"\\n")',
        'thing.double(1)',
      ),
    });
    expect(await calls()).toEqual(['double(1, 2)']);
  });
});

it('says what is missing where nothing can be run', async () => {
  const files = { 'thing.py': module, 'test_thing.py': test('pass') };
  const { record } = await workspace(files, '/no/such/python');
  const [only] = await record();
  expect(only).toMatchObject({ test: 'test_thing.py', calls: [] });
  expect(only?.problem).toMatch(/bubblewrap|python/i);
});
