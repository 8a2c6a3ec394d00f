import { describe, expect, it } from 'vitest';
import { moduleFiles } from '../files/module-files.ts';
import { parsePython } from '../python-parser.ts';
import { readModule } from '../slicing/module.ts';
import { unitsOf } from '../units.ts';
import { createCallIndex, namesOf } from './call-index.ts';
import { callSites } from './call-sites.ts';
import { doctestsOf } from './doctests.ts';

const pace = async () => undefined;

/** The calls that an index finds for `f` of `pkg/core.py` in the last file. */
async function found(files: Record<string, string>) {
  const index = createCallIndex(moduleFiles(Object.keys(files)));
  const modules = await Promise.all(
    Object.entries(files).map(([file, text]) => readModule(file, '', parsePython(text), pace)),
  );
  for (const module of modules) index.addModule(module.file, namesOf(module, unitsOf(module)));
  const last = modules.at(-1);
  if (last === undefined) throw new Error('No files.');
  index.addCalls(last.file, await callSites(last.tree, { source: 'test', isModule: true }, () => true, pace));
  for (const { tree } of doctestsOf(last.tree)) {
    index.addCalls(
      last.file,
      await callSites(tree, { source: 'doctest', isModule: false }, () => true, pace),
    );
  }
  const { calls, notLiteral } = index.callsOf('pkg/core.py', 'f');
  return {
    calls: calls.map(({ text, source, file, line }) => `${text} ${source} ${file}:${line}`),
    notLiteral,
  };
}

const pkg = {
  'pkg/__init__.py': 'from .core import f as exported\nfrom .core import *\n',
  'pkg/core.py': 'def f(a, b=2, *c, k=0):\n    return a\n\ndef g(a): pass\n',
};

describe('createCallIndex', () => {
  it.each([
    ['from pkg.core import f', 'f(1)'],
    ['from pkg.core import f as h', 'h(1)'],
    ['from pkg import f', 'f(1)'],
    ['from pkg import exported', 'exported(1)'],
    ['from pkg import *', 'f(1)'],
    ['import pkg', 'pkg.f(1)'],
    ['import pkg', 'pkg.core.f(1)'],
    ['import pkg.core', 'pkg.core.f(1)'],
    ['import pkg.core as c', 'c.f(1)'],
    ['from pkg import core', 'core.f(1)'],
    ['', 'def test():\n    from pkg.core import f\n    f(1)'],
    ['', 'def test():\n    from pkg.core import f as h\n    h(1)'],
  ])('finds the unit behind %j and %j', async (imports, call) => {
    const { calls } = await found({ ...pkg, 'tests/test_core.py': `${imports}\n${call}\n` });
    const line = call.includes('\n') ? 4 : 2;
    expect(calls).toEqual([`(1,) test tests/test_core.py:${line}`]);
  });

  it('does not take another function of the same name', async () => {
    const other = { 'other.py': 'def f(x): return x\n' };
    expect(
      await found({ ...pkg, ...other, 'test_a.py': 'from other import f\nf(1)\nself.f(2)\nf2 = f\n' }),
    ).toEqual({
      calls: [],
      notLiteral: 0,
    });
  });

  it('puts named arguments and literal defaults in their places, and leaves out what has none', async () => {
    const { calls, notLiteral } = await found({
      ...pkg,
      'test_a.py':
        'from pkg.core import f\nf(b=1, a=0)\nf(1, k=3)\nf(1, a=2)\nf()\nf(1, 2, 3)\nf(x)\nf(1)\nf({[]: 1})\n',
    });
    expect(calls).toEqual(['(0, 1) test test_a.py:2', '(1, 2, 3) test test_a.py:6', '(1,) test test_a.py:8']);
    expect(notLiteral).toBe(5);
  });

  it('names each call once, doctests first; a doctest may name the only unit of that name without an import', async () => {
    const doctest = '"""\n>>> f(9)\n>>> f(1)\n"""\nfrom pkg.core import f\nf(1)\nf(1)\n';
    const { calls } = await found({ ...pkg, 'test_a.py': doctest });
    expect(calls).toEqual(['(9,) doctest test_a.py:1', '(1,) test test_a.py:6']);
  });
});
