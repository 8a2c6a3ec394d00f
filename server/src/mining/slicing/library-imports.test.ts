import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { unitsOf } from '../units.ts';
import { openWorkspace, packagesBeside } from '../workspace.ts';
import { sliceProgram } from './program.ts';

const { signal } = new AbortController();

/** Slices `f` out of the first file, where `installed` can be imported; its program, or its loss with the detail. */
async function slice(
  all: string | Record<string, string>,
  installed: readonly string[] = [],
): Promise<string> {
  const files = typeof all === 'string' ? { 'm.py': all } : all;
  const folder = await temporaryFolder(files);
  const paths = Object.keys(files);
  const packages = packagesBeside(paths, new Set(installed));
  const workspace = openWorkspace(paths, { folder, maxFileBytes: 100_000, packages });
  const loaded = await workspace.load(paths[0] ?? '', signal);
  if (!loaded.ok) throw new Error(loaded.loss);
  const unit = unitsOf(loaded.module).find(({ symbol }) => symbol === 'f');
  if (unit?.statement == null) throw new Error('There is no f.');
  const sliced = await sliceProgram(loaded.module, unit.statement, workspace, signal);
  if (!sliced.ok) return `${sliced.loss}: ${sliced.detail}`;
  const effects = [...sliced.effects.values()].map(({ loss, detail }) => `${loss}: ${detail}\n`);
  return sliced.source('none') + effects.join('');
}

const f = 'def f(x):\n    return KNOWN, x\n';

describe('an import of what is not there', () => {
  it.each([
    [
      'with what stands instead, line by line',
      'try:\n    import fast\nexcept ImportError:\n    # Slow.\n    KNOWN = []',
      'KNOWN = []',
    ],
    [
      'with nothing instead but another one',
      'from contextlib import suppress\nKNOWN = []\ntry:\n    import fast\nexcept ImportError:\n    with suppress(ImportError):\n        # Not so fast.\n        import slow\n        def g(y): return slow.g(y)\n        KNOWN.append(g)\nelse:\n    def h(y): return fast.g(y)\n    KNOWN.append(h)',
      'KNOWN = []',
    ],
    [
      'after a handler of something else',
      'try:\n    import fast\nexcept AttributeError:\n    KNOWN = 1\nexcept (ValueError, ModuleNotFoundError):\n    KNOWN = 2',
      'KNOWN = 2',
    ],
  ])('is left out: %s', async (_, lines, expected) => {
    expect(await slice(`${lines}\n${f}`)).toBe(`${expected}\n\n\n${f}`);
  });

  it.each([
    [
      'in a `try`, whose handler takes more than lines',
      'KNOWN = []\ntry:\n    import fast\n    KNOWN.append(fast.g)\nexcept ImportError:\n    for n in range(3):\n        KNOWN.append(n)',
    ],
    ['in a bare `try`', 'KNOWN = []\ntry:\n    import fast\nexcept:\n    if KNOWN:\n        KNOWN.append(1)'],
    [
      'below other statements',
      'KNOWN = []\nfor n in range(3):\n    try:\n        from fast import g\n        KNOWN.append(g)\n    except ImportError:\n        KNOWN.append(n)',
    ],
    [
      'behind another statement under `suppress`',
      'import contextlib\n\nKNOWN = []\nwith contextlib.suppress(ImportError):\n    KNOWN.append(1)\n    import fast\n    KNOWN.append(2)',
    ],
  ])('fails in the program as it would here: %s', async (_, lines) => {
    expect(await slice(`${lines}\n${f}`)).toBe(`${lines}\n\n\n${f}`);
  });

  it.each([
    ['nothing catches it', 'KNOWN = []\nfor n in range(3):\n    import fast\n    KNOWN.append(fast.g(n))'],
    [
      'what catches is something else',
      'KNOWN = []\ntry:\n    import fast\n    KNOWN.append(fast.g)\nexcept ValueError:\n    KNOWN.append(1)',
    ],
    [
      'it stands where it is caught no more',
      'KNOWN = []\ntry:\n    KNOWN.append(1)\nexcept ImportError:\n    import fast\n    KNOWN.append(2)',
    ],
    [
      'a function does it, some time',
      'KNOWN = []\ntry:\n    def g():\n        import fast\n    KNOWN.append(g)\nexcept ImportError:\n    pass',
    ],
  ])('loses the unit where %s', async (_, lines) => {
    expect(await slice(`${lines}\n${f}`)).toBe('third-party-import: fast');
  });

  it('takes what stands behind `else` along with an import of its own', async () => {
    const lines = 'try:\n    from . import core\nexcept ImportError:\n    pass\nelse:\n    KNOWN = core.g()';
    expect(
      await slice({ 'p/m.py': `${lines}\n${f}`, 'p/__init__.py': '', 'p/core.py': 'def g(): pass\n' }),
    ).toBe(`def g(): pass\n\n\nKNOWN = g()\n\n\n${f}`);
  });
});

describe('an import of an installed package', () => {
  const installed = ['attrs', 'rpds', 'own'];

  it.each([
    ['in a value', 'import rpds\n\nKNOWN = rpds.HashTrieMap()\n\n\n'],
    ['in a decorator', 'from attrs import frozen\n\n\n@frozen\nclass KNOWN:\n    x: int\n\n\n'],
    ['as a base', 'from rpds import HashTrieMap\n\n\nclass KNOWN(HashTrieMap):\n    pass\n\n\n'],
  ])('is taken along: %s', async (_, lines) => {
    expect(await slice(lines + f, installed)).toBe(lines + f);
    expect(await slice(lines + f)).toMatch(/^(third-party-import|decorated): /);
  });

  it('may stand in functions', async () => {
    const inside =
      'def f(x):\n    import rpds\n    from attrs import asdict\n    return rpds.List(asdict(x))\n';
    expect(await slice(inside, installed)).toBe(inside);
    expect(await slice(inside)).toContain('third-party-import: rpds');
  });

  it('leaves it to the interpreter whether it works', async () => {
    const lines = 'try:\n    import rpds as KNOWN\nexcept ImportError:\n    KNOWN = None';
    expect(await slice(`${lines}\n${f}`, installed)).toBe(`${lines}\n\n\n${f}`);
    expect(await slice(`${lines}\n${f}`)).toBe(`KNOWN = None\n\n\n${f}`);
    const suppressed =
      'from contextlib import suppress\n\nKNOWN = []\nwith suppress(ImportError):\n    import rpds\n    KNOWN.append(rpds.List)';
    expect(await slice(`${suppressed}\n${f}`, installed)).toBe(`${suppressed}\n\n\n${f}`);
    expect(await slice(`${suppressed}\n${f}`)).toBe(`KNOWN = []\n\n\n${f}`);
  });

  it('is never one of the workspace itself, which may be installed as well', async () => {
    const files = { 'src/own/m.py': `from own.core import KNOWN\n${f}`, 'src/own/core.py': 'KNOWN = 1\n' };
    expect(await slice(files, installed)).toBe(`KNOWN = 1\n\n\n${f}`);
    const made = { ...files, 'src/own/m.py': `from own._version import KNOWN\n${f}` };
    expect(await slice(made, installed)).toContain('third-party-import: own._version.KNOWN');
    const inner = { ...files, 'src/own/m.py': 'def f(x):\n    import own._version\n    return own, x\n' };
    expect(await slice(inner, installed)).toContain('third-party-import: own._version');
  });
});
