import { describe, expect, it } from 'vitest';
import { writeValue } from '../../values/literal-writer.ts';
import { parsePython } from '../python-parser.ts';
import { callSites } from './call-sites.ts';

/** The calls of `f` in a source, each as `callee(args)@line`; `?` for arguments that cannot be told. */
async function calls(source: string, isModule = true): Promise<string[]> {
  const tree = parsePython(source);
  expect(tree.errorAt).toBeNull();
  const sites = await callSites(
    tree,
    { source: 'test', isModule },
    (callee) => /\bf$/.test(callee),
    async () => undefined,
  );
  return sites.map(({ callee, arguments: values, line }) => {
    const positional = values?.positional.map(writeValue) ?? ['?'];
    const named = values?.named.map(([name, value]) => `${name}=${writeValue(value)}`) ?? [];
    return `${callee}(${[...positional, ...named].join(', ')})@${line}`;
  });
}

describe('callSites', () => {
  it('finds calls with literal arguments, wherever they stand', async () => {
    const source = `assert f([1,2]) == 3
def test():
    with raises(ValueError):
        m.f('a', x=2)
    return [g(f()), lambda: f(1)]
class T(Case):
    def test(self):
        self.assertEqual(f(b'x', *(1, 2)), f(unknown))
`;
    expect(await calls(source)).toEqual([
      'f([1, 2])@1',
      "m.f('a', x=2)@4",
      'f()@5',
      'f(1)@5',
      "f(b'x', 1, 2)@8",
      'f(?)@8',
    ]);
  });

  it('follows variables that hold literals', async () => {
    const source = `DATA = [1, 2]
def test(y):
    x = 'a'
    a, (b, *c) = 1, (2, 3)
    f(x, DATA, a, b)
    x = g()
    f(x)
    f(y)
    f(c)
def other():
    f(x)
`;
    expect(await calls(source)).toEqual(["f('a', [1, 2], 1, 2)@5", 'f(?)@7', 'f(?)@8', 'f(?)@9', 'f(?)@11']);
  });

  it('takes a function that is shown first, then imported, for the imported one', async () => {
    const shown = 'def f(x): ...\nf(1)\n';
    expect(await calls(`${shown}from m import f\nf(2)\n`, false)).toEqual(['f(2)@4']);
    expect(await calls(`from m import f\nf(2)\n${shown}`, false)).toEqual(['f(2)@2']);
  });

  it('runs through loops and comprehensions over literals', async () => {
    const source = `for x, y in [(1, 'a'), (2, 'b'), other]:
    assert f(x) == y
all(f(z) for z in (3, 4) if z)
for x in unknown:
    f(x)
`;
    expect(await calls(source)).toEqual(['f(1)@2', 'f(2)@2', 'f(3)@3', 'f(4)@3', 'f(?)@5']);
  });

  it('fills the parameters of a parametrized test', async () => {
    const source = `ROWS = [('a', 'A'), ('b', 'B')]
@pytest.mark.parametrize('x, y', ROWS)
@pytest.mark.parametrize(('n',), [(1,), (2,)])
def test(x, y, n):
    assert f(x, n) == y
@pytest.mark.parametrize('x', [1, make()])
def test_other(x, z):
    f(x)
    f(z)
`;
    expect(await calls(source)).toEqual([
      "f('a', 1)@5",
      "f('a', 2)@5",
      "f('b', 1)@5",
      "f('b', 2)@5",
      'f(1)@8',
      'f(?)@9',
    ]);
  });

  it('does not take a local function or variable for the unit of that name', async () => {
    expect(
      await calls('def test(f):\n    f(1)\ndef test2():\n    def f(x): pass\n    f(2)\nf = g\nf(3)\n'),
    ).toEqual([]);
    expect(await calls('def f(x): pass\nf(4)\n')).toEqual(['f(4)@2']);
    expect(await calls('def f(x): pass\nf(4)\n', false)).toEqual([]);
  });

  it('keeps what a function or session imports for its calls', async () => {
    const tree = parsePython('def test():\n    from pkg.m import g as f\n    f(1)\n');
    const [site] = await callSites(
      tree,
      { source: 'test', isModule: true },
      () => true,
      async () => undefined,
    );
    expect(site?.imported).toEqual({ local: 'f', module: 'pkg.m', name: 'g', loads: 'pkg.m' });
  });

  it('stays small where loops multiply', async () => {
    const loops = Array.from({ length: 5 }, (_, n) => `${'  '.repeat(n)}for x${n} in range(20):`).join('\n');
    expect((await calls(`${loops}\n          f(x0, x1, x2, x3, x4)\n`)).length).toBeLessThanOrEqual(64);
  });
});
