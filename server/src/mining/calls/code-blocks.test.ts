import { describe, expect, it } from 'vitest';
import { codeBlocksIn } from './code-blocks.ts';

function read(file: string, text: string) {
  return codeBlocksIn(file, text).map(({ tree, lines }) => [tree.text, lines]);
}

describe('blocks of code in Markdown', () => {
  it('are those marked as Python, as one session', () => {
    const text = [
      'Use it:',
      '```python',
      'from m import f',
      '```',
      '- in a list',
      '  ~~~~ py title="x"',
      '  f(1)',
      '    ```',
      '  ~~~',
      '  ~~~~',
      '```sh',
      'f(2)',
      '```',
      '```',
      'f(3)',
      '```',
      '``` {.python}',
      'if f(4):',
      '    f(5)',
    ].join('\n');
    expect(read('a.md', text)).toEqual([['from m import f\nif f(4):\n    f(5)\n', [3, 18, 19]]]);
    const inList = text.replace('    ```', '  # x').replace('  ~~~\n', '');
    expect(read('a.MD', inList)).toEqual([
      ['from m import f\nf(1)\n# x\nif f(4):\n    f(5)\n', [3, 7, 8, 17, 18]],
    ]);
  });

  it('lose only the block that is no Python, and leave doctests to others', () => {
    const block = (code: string) => `\`\`\`python\n${code}\n\`\`\`\n`;
    const text = `${block('f(1)')}${block('$ python x.py "')}${block('>>> f(2)\n2')}${block('f(3)')}`;
    expect(read('README.md', text)).toEqual([['f(1)\nf(3)\n', [2, 12]]]);
    expect(read('README.md', block('f('))).toEqual([]);
    expect(read('README.md', '')).toEqual([]);
  });

  it('are bounded as doctests are', () => {
    const block = `\`\`\`py\n${'f(1)\n'.repeat(900)}\`\`\`\n`;
    expect(codeBlocksIn('a.md', block.repeat(4))[0]?.lines).toHaveLength(1_800);
  });
});

describe('blocks of code in reStructuredText', () => {
  it('are those of Python, of no language, and literal ones', () => {
    const text = [
      '.. code-block:: python',
      '   :linenos:',
      '   :emphasize-lines: 1',
      '',
      '   from m import f',
      '',
      '   if f(1):',
      '       f(2)',
      'Text.',
      '',
      '.. code::',
      '',
      '    f(3)',
      '',
      'So::',
      '',
      '  f(4)',
      '',
      '.. note::',
      '',
      '   f(5)',
      '',
      '   As in::',
      '',
      '      f(6)',
      '',
      '.. code-block:: console',
      '',
      '   f(7)',
      '',
      'Not code::',
      '  f(8)',
      '',
      'At the end::',
    ].join('\n');
    expect(read('a.rst', text)).toEqual([
      ['from m import f\n\nif f(1):\n    f(2)\nf(3)\nf(4)\nf(6)\n', [5, 6, 7, 8, 13, 17, 25]],
    ]);
  });

  it('lose only the block that is no Python', () => {
    expect(read('a.txt', 'A::\n\n  f(1)\n\nB::\n\n  $ ls "\n\nC::\n\n\tf(2)\n')).toEqual([
      ['f(1)\nf(2)\n', [3, 11]],
    ]);
  });
});
