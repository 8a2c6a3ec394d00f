import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { createSandbox } from '../../sandbox/create-sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { writeValue } from '../../values/literal-writer.ts';
import { mine } from '../mine.ts';
import { createPacer } from '../pacer.ts';
import { parsePython } from '../python-parser.ts';
import { findExamples } from './find-examples.ts';

const signal = new AbortController().signal;
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createSandbox({}, signal);
}, 60_000);
afterAll(() => sandbox.close());

/** Examples that call `f`, `push` or `pop`, as `parameters: lines; result = values`. */
async function examplesIn(text: string, isModule = true): Promise<string[]> {
  const place = { file: 'test_m.py', source: 'test', isModule } as const;
  const wanted = (name: string) => ['f', 'push', 'pop'].includes(name);
  const found = await findExamples(parsePython(text), place, wanted, createPacer(signal));
  return found.map(({ parameters, lines, result }) => {
    const values = parameters.map(({ name, value }) => `${name}=${writeValue(value)}`).join(' ');
    return [...lines, result, values].join(' | ');
  });
}

describe('an example', () => {
  it('is what a test asserts, with its literals as parameters', async () => {
    const test = `def test_f():
    assert f(len, ['a', 'bc']) == {1: ['a'], 2: ['bc']}
    assert list(f(str.upper, x=('a', 'b'))) == ['A']
    self.assertEqual(f(lambda x: x + 1, 5), 6)
    assert not f(max, "word")
`;
    expect(await examplesIn(test)).toEqual([
      "f(len, items) | items=['a', 'bc']",
      "list(f(str.upper, x=x)) | x=('a', 'b')",
      'f(lambda x: x + 1, number) | number=5',
      "f(max, text) | text='word'",
    ]);
  });

  it('takes along the variables and functions that it needs', async () => {
    const test = `def test_stack():
    def twice(x):
        return x * 2
    data = [1, 2]
    stack = Stack(data, key=twice)
    stack.push(7)
    other = Stack([9])
    assert stack.pop() == 7
`;
    expect(await examplesIn(test)).toEqual([
      'def twice(x):\n    return x * 2 | stack = Stack(data, key=twice) | stack.push(number) | data=[1, 2] number=7',
      'def twice(x):\n    return x * 2 | stack = Stack(data, key=twice) | stack.push(number) | stack.pop() | data=[1, 2] number=7',
    ]);
  });

  it('is none where it needs what is not known, or has no literal', async () => {
    expect(
      await examplesIn(`def test_f(fixture, self):
    assert f(fixture, 1) == 2
    a, b = 1, 2
    assert f(a, 3)
    assert f(g)
    for x in xs:
        assert f(x, 1)
`),
    ).toEqual([]);
  });

  it('is found in the statements of a doctest session', async () => {
    const session = 'from m import Stack\ns = Stack()\ns.push(3)\ns.push(4)\ns.pop()\n';
    expect(await examplesIn(session, false)).toEqual([
      's = Stack() | s.push(number) | number=3',
      's = Stack() | s.push(number) | s.push(number_2) | number=3 number_2=4',
      's = Stack() | s.push(number) | s.push(number_2) | s.pop() | number=3 number_2=4',
    ]);
  });
});

describe('a unit that takes no literals', () => {
  async function minedOf(files: Readonly<Record<string, string>>) {
    const folder = await temporaryFolder(files);
    const options = { folder, exclude: [], maxFiles: 9, maxFileBytes: 99_999, sandbox };
    const sources = ['doctest', 'test', 'code'] as const;
    const events = await Array.fromAsync(mine({ ...options, sources, split: { by: 'none' } }, signal));
    return events.flatMap((event) => (event.type === 'seed' ? [event.seed] : []));
  }

  it('is asked by the examples of its tests, in their own words', async () => {
    const seeds = await minedOf({
      'pkg/__init__.py': 'from .m import group\n',
      'pkg/m.py':
        'def group(key, seq):\n    groups = {}\n    for item in seq:\n        groups.setdefault(key(item), []).append(item)\n    return groups\n',
      'tests/test_m.py':
        "from pkg import group\n\n\ndef parity(n):\n    return n % 2\n\n\ndef test_group():\n    names = ['ab', 'c', 'de']\n    assert group(len, names) == {2: ['ab', 'de'], 1: ['c']}\n    assert group(parity, [1, 2, 3]) == {1: [1, 3], 0: [2]}\n",
    });
    const own = seeds.filter(({ provenance: { symbol } }) => symbol === 'group');
    expect(own.map(({ call, output }) => `${call} -> ${output}`)).toEqual([
      "(['ab', 'c', 'de'],) -> {2: ['ab', 'de'], 1: ['c']}",
      '([1, 2, 3],) -> {1: [1, 3], 0: [2]}',
    ]);
    expect(own[0]?.program.endsWith('def group_example(names):\n    return group(len, names)\n')).toBe(true);
    expect(own[1]?.program).toContain('def parity(n):\n    return n % 2\n');
    expect(own[0]?.provenance).toMatchObject({ source: 'test', callFile: 'tests/test_m.py', callLine: 10 });
  });

  it('is asked for what it changed where it returns nothing', async () => {
    const seeds = await minedOf({
      'm.py': `class Stack:
    """
    >>> s = Stack([3])
    >>> s.push(4)
    """
    def __init__(self, items):
        self.items = items
    def push(self, item):
        self.items.insert(0, item)
    def __iter__(self):
        return iter(self.items)
`,
    });
    const push = seeds.find(({ provenance: { symbol } }) => symbol === 'Stack.push');
    expect(push?.output).toBe('[4, 3]');
    expect(
      push?.program.endsWith(
        'def push_example(items, number):\n    s = Stack(items)\n    s.push(number)\n    return list(s)\n',
      ),
    ).toBe(true);
  });
});
