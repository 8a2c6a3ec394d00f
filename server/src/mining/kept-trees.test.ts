import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Tree } from 'web-tree-sitter';
import { editBetween, KeptTrees } from './kept-trees.ts';
import { parsePython } from './python-parser.ts';

const never = new AbortController().signal;
const pieces = [
  'def f(x):\n    return x\n',
  'class A:\n    def m(self, a=1): return [a]\n',
  '@g\ndef h():\n    """é𝔸\n    >>> h()\n    """\n    yield\n',
  'x = 1\n',
  'if x:\n    y = (\n        2,\n    )\nelse:\n    pass\n',
  '# a comment\n',
  "z = 'text' + f'{x}'\n",
  'broken = (\n',
];

afterEach(() => vi.restoreAllMocks());

describe('KeptTrees', () => {
  it('gives after each edit what parsing the whole text gives', async () => {
    const whole = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((all) => all.join(''));
    const change = fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom('', ' ', '\n', 'x', '(', "'", ...pieces));
    const texts = fc.tuple(whole, fc.array(change, { maxLength: 5 })).map(([text, changes]) => {
      const versions = [text];
      for (const [at, removed, added] of changes) {
        const last = versions.at(-1) ?? '';
        const start = at % (last.length + 1);
        versions.push(last.slice(0, start) + added + last.slice(start + removed));
      }
      return versions;
    });
    await fc.assert(
      fc.asyncProperty(texts, async (versions) => {
        const trees = new KeptTrees();
        for (const text of versions)
          expect(await trees.parse('a.py', text, never)).toEqual(parsePython(text));
        trees.close();
      }),
      { numRuns: 400 },
    );
  });

  it('parses only what changed, and nothing where nothing did', async () => {
    const trees = new KeptTrees();
    const text = Array.from({ length: 2_000 }, (_, n) => `def f${n}(x):\n    return x + ${n}\n`).join('\n');
    const first = await trees.parse('a.py', text, never);
    expect(await trees.parse('a.py', text, never)).toBe(first);
    const copied = vi.spyOn(Tree.prototype, 'edit');
    const second = await trees.parse('a.py', text.replace('x + 1000', 'x * 1000'), never);
    expect(copied).toHaveBeenCalledOnce();
    expect(second).toEqual(parsePython(text.replace('x + 1000', 'x * 1000')));
    trees.close();
  });

  it('frees every tree once: those that others replace, those beyond its bound, and the rest when it is closed', async () => {
    const freed = vi.spyOn(Tree.prototype, 'delete');
    const trees = new KeptTrees();
    await trees.parse('a.py', 'x = 1\n', never);
    await trees.parse('a.py', 'x = 2\n', never);
    // The one before, and the copy of it that was edited.
    expect(freed).toHaveBeenCalledTimes(2);
    const large = `x = 1\n${'#'.repeat(400_000)}\n`;
    await trees.parse('b.py', large, never);
    await trees.parse('c.py', large, never);
    expect(freed).toHaveBeenCalledTimes(4);
    trees.close();
    expect(freed).toHaveBeenCalledTimes(5);
    await trees.parse('a.py', 'x = 3\n', never);
    expect(freed).toHaveBeenCalledTimes(6);
  });

  it('keeps what it had where it is stopped', async () => {
    const trees = new KeptTrees();
    const tree = await trees.parse('a.py', 'x = 1\n', never);
    await expect(trees.parse('a.py', 'x = 2\n', AbortSignal.abort())).rejects.toThrow(/abort/i);
    expect(await trees.parse('a.py', 'x = 1\n', never)).toBe(tree);
    trees.close();
  });
});

describe('editBetween', () => {
  it('says what is replaced, in offsets and in lines', () => {
    expect(editBetween('a\nbc\nd\n', 'a\nb\nx\nc\nd\n')).toMatchObject({
      startIndex: 3,
      oldEndIndex: 3,
      newEndIndex: 6,
      startPosition: { row: 1, column: 1 },
      newEndPosition: { row: 3, column: 0 },
    });
  });
});
