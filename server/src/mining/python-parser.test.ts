import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Tree } from 'web-tree-sitter';
import { parsePython, parsePythonInSlices, topLevelStatements } from './python-parser.ts';
import { descendants, textOf } from './syntax/syntax.ts';

const long = Array.from({ length: 4_000 }, (_, n) => `def f${n}(x):\n    return [x + ${n}, 'é']\n`).join(
  '\n',
);
const never = new AbortController().signal;

afterEach(() => vi.restoreAllMocks());

describe('parsePython', () => {
  it('gives plain data whose offsets cut the text', () => {
    const tree = parsePython("x = 'é𝔸' + y\n");
    const strings = [...descendants(tree.root)].filter(({ type }) => type === 'string');
    expect(strings.map((node) => textOf(tree, node))).toEqual(["'é𝔸'"]);
    expect(tree.errorAt).toBeNull();
  });

  it('says where the first error is', () => {
    expect(parsePython('x = 1\ny = (\n').errorAt).toBeGreaterThanOrEqual(6);
    expect(parsePython('').errorAt).toBeNull();
  });

  it('takes code that is nested too deeply for an error, without running out of stack', () => {
    expect(parsePython(`x = ${'['.repeat(50_000)}${']'.repeat(50_000)}\n`).errorAt).not.toBeNull();
  });

  it('never throws, and covers the whole text in order', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'def f(x):\n  "\'#=1[]{}\\é') }), (text) => {
        const tree = parsePython(text);
        let at = 0;
        for (const node of descendants(tree.root)) {
          if (node.children.length > 0) continue;
          expect(node.start).toBeGreaterThanOrEqual(at);
          at = node.end;
        }
        expect(at).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it('frees the tree of tree-sitter', async () => {
    const freed = vi.spyOn(Tree.prototype, 'delete');
    parsePython('x = 1\n');
    await parsePythonInSlices('x = 1\n', never);
    expect(freed).toHaveBeenCalledTimes(2);
  });
});

describe('parsePythonInSlices', () => {
  it('gives the same tree as in one go, and lets others run meanwhile', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const tree = await parsePythonInSlices(long, never);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
    expect(tree).toEqual(parsePython(long));
  });

  it('parses several texts at a time without mixing them up', async () => {
    const texts = [long, `${long}\nlast = 1\n`, 'x = (\n'];
    const trees = await Promise.all(texts.map((text) => parsePythonInSlices(text, never)));
    expect(trees).toEqual(texts.map(parsePython));
  });

  it('stops soon after it is aborted, and frees what it has', async () => {
    const freed = vi.spyOn(Tree.prototype, 'delete');
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 5);
    await expect(parsePythonInSlices(long.repeat(10), abort.signal)).rejects.toThrow(/abort/i);
    await expect(parsePythonInSlices('x = 1', AbortSignal.abort())).rejects.toThrow(/abort/i);
    const before = freed.mock.calls.length;
    await parsePythonInSlices('x = 1', never);
    expect(freed).toHaveBeenCalledTimes(before + 1);
  });
});

describe('topLevelStatements', () => {
  it('gives the statements without what stands between them', () => {
    const program = 'import re\n\n# about f\n@wraps\ndef f(x):\n    return x  # so\n\n\nX = [\n  1,\n]\n';
    expect(topLevelStatements(program)).toEqual([
      'import re',
      '@wraps\ndef f(x):\n    return x  # so',
      'X = [\n  1,\n]',
    ]);
  });
});
