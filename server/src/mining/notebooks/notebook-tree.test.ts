import { describe, expect, it } from 'vitest';
import { notebookTree } from './notebook-tree.ts';

const { signal } = new AbortController();

/** A notebook of these cells, each line of cell 1 on lines 101, 102, …, of cell 2 on 201, 202, … */
async function treeOf(...texts: string[]) {
  const cells = texts.map((text, index) => ({
    number: index + 1,
    text,
    lines: text.split('\n').map((_, line) => 100 * (index + 1) + line + 1),
  }));
  const tree = await notebookTree(cells, signal);
  if (tree === undefined) throw new Error('No tree.');
  return { ...tree, text: tree.tree.text };
}

describe('notebookTree', () => {
  it('puts the cells below one another and knows where each line stands', async () => {
    const { text, lines, lost } = await treeOf('import a\n%pwd\nx = 1', 'def f():\n    pass\n', '');
    expect(text).toBe('import a\n\nx = 1\n\ndef f():\n    pass\n\n\n\n\n');
    expect(lines).toEqual([101, 102, 103, 103, 201, 202, 203, 203, 301, 301]);
    expect(lost).toEqual([]);
  });

  it('loses cells that are no Python 3 alone, each with its place', async () => {
    const { text, lines, lost } = await treeOf(
      'f(1)',
      'SELECT *\nFROM t',
      "s = '''",
      'x = 1\nprint "x"',
      'f(2)',
    );
    expect(text).toBe('f(1)\n\nf(2)\n\n');
    expect(lines).toEqual([101, 101, 501, 501]);
    expect(lost.map((each) => each.replace(/line \d$/, 'line'))).toEqual([
      'cell 2: line',
      'cell 3: line',
      'cell 4: line 2: Python 2',
    ]);
  });

  it('keeps cells apart: no line goes on in the next cell, no block takes it in', async () => {
    const { text, lost } = await treeOf(
      'x = f(1) \\',
      '  y = 2\n  z = 3',
      'def f(x):\n    return x',
      '    w = 4',
    );
    expect(lost).toEqual(['cell 1: line 1']);
    expect(text).toBe('y = 2\nz = 3\n\ndef f(x):\n    return x\n\nw = 4\n\n');
  });

  it('loses a cell that parses alone, but not among the others', async () => {
    const { text, lines, lost } = await treeOf('match x:', '\\\n    async', 'f(1)');
    expect(lost).toEqual(['cell 2: among the other cells']);
    expect([text, lines]).toEqual(['match x:\n\nf(1)\n\n', [101, 101, 301, 301]]);
  });

  it('leaves a line with a magic character inside of Python alone', async () => {
    const { text } = await treeOf('s = """\n%d\n"""\nx = (1\n% 2)');
    expect(text).toBe('s = """\n%d\n"""\nx = (1\n% 2)\n\n');
  });

  it('ends when it is aborted', async () => {
    await expect(notebookTree([{ number: 1, text: 'x', lines: [1] }], AbortSignal.abort())).rejects.toThrow();
  });
});
