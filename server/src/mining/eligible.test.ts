import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { effectOf, isEligible } from './eligible.ts';
import { unitsOf } from './units.ts';
import { openWorkspace } from './workspace.ts';

const signal = new AbortController().signal;

async function unitOf(files: Record<string, string>, symbol: string) {
  const folder = await temporaryFolder(files);
  const workspace = openWorkspace(Object.keys(files), { folder, maxFileBytes: 100_000 });
  const loaded = await workspace.load(Object.keys(files)[0] ?? '', signal);
  if (!loaded.ok) throw new Error(loaded.loss);
  const unit = unitsOf(loaded.module).find((each) => each.symbol === symbol);
  if (unit === undefined) throw new Error(`There is no ${symbol}.`);
  return { module: loaded.module, unit, workspace };
}

describe('isEligible', () => {
  it.each([
    ['def f(x): return x', true],
    ['def f(*x): yield x', true],
    ['def f(x): x.append(1)', true],
    ['def f(x): x[0] = 1', true],
    ['def f(): return 1', 'no-parameter'],
    ['async def f(x): return x', 'is-async'],
    ['def f(x): print(x)', 'no-result'],
    ['def f(x):\n    if x: return\n    log(x)', 'no-result'],
    ['def f(x):\n    """Says."""\n    raise NotImplementedError(x)', 'abstract'],
    ['def f(x): ...', 'abstract'],
  ])('%s: %s', async (text, expected) => {
    const { module, unit } = await unitOf({ 'm.py': `${text}\n` }, 'f');
    expect(isEligible(module.tree, unit)).toBe(expected);
  });

  it.each([
    ['    def f(self): return 1', 'no-parameter'],
    ['    def f(self, x): self.x = x', true],
    ['    def f(self, x): self.all.append(x)', true],
    ['    @staticmethod\n    def f(x): return x', true],
    ['    @abstractmethod\n    def f(self, x): pass', 'abstract'],
  ])('of a method: %s: %s', async (text, expected) => {
    const { module, unit } = await unitOf({ 'm.py': `class A:\n${text}\n` }, 'A.f');
    expect(isEligible(module.tree, unit)).toBe(expected);
  });
});

describe('effectOf', () => {
  it.each([
    ['its own code', 'def f(x): return open(x)', 'open'],
    ['a helper', 'def f(x): return g(x)\ndef g(x): return h(x)\ndef h(x): return open(x)', 'open'],
    ['a value', 'import os\nHERE = os.path.dirname(__file__)\ndef f(x): return HERE + x', '__file__'],
    ['another module', 'from core import read\ndef f(x): return read(x)', 'os.getcwd'],
    ['an import inside', 'def f(x):\n    import subprocess\n    return subprocess.run(x)', 'subprocess'],
    [
      'a method that it names',
      'class L:\n    @classmethod\n    def parse(cls, x): return cls.find(x)\n    @classmethod\n    def find(cls, x): return open(x)\ndef f(x): return L.parse(x)',
      'open',
    ],
    [
      'making an object',
      'class L:\n    def __init__(self, x): self.text = open(x).read()\ndef f(x): return L(x).text',
      'open',
    ],
    ['helpers that call each other', 'def f(x): return g(x)\ndef g(x): return f(x) or input(x)', 'input'],
  ])('finds what is done to the outside by %s', async (_, text, expected) => {
    const core = 'import os\ndef read(x): return os.getcwd()\n';
    const { module, unit, workspace } = await unitOf({ 'm.py': `${text}\n`, 'core.py': core }, 'f');
    expect(await effectOf(module, unit, workspace, signal)).toBe(expected);
  });

  it.each([
    ['functions that are pure', 'def f(x): return g(x)\ndef g(x): return sorted(x)'],
    [
      'what another method of a class that it names does',
      'class f:\n    def g(self, x): return open(x)\ndef h(x): return f(x)',
    ],
    ['an annotation', 'import subprocess\ndef h(x: subprocess.Popen): return x'],
  ])('finds nothing in %s', async (_, text) => {
    const { module, unit, workspace } = await unitOf(
      { 'm.py': `${text}\n` },
      text.includes('def h') ? 'h' : 'f',
    );
    expect(await effectOf(module, unit, workspace, signal)).toBeUndefined();
  });
});
