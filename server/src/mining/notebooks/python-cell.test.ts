import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dedented, withoutMagics } from './python-cell.ts';

describe('withoutMagics', () => {
  it.each([
    ['%matplotlib inline\nf(1)', '\nf(1)'],
    ['!pip install a \\\n  b\nf(1)', '\n\nf(1)'],
    ["!echo it's\nf(1)", '\nf(1)'],
    ['f?\nf(1)\nnp.a?? \n?f\n%%time?', '\nf(1)\n\n\n'],
    ['if x:\n    %time f(1)\n    !ls', 'if x:\n    pass\n    pass'],
    ['files = !ls\nhere, b = %pwd', 'files = get_ipython()\nhere, b = get_ipython()'],
    ['%%bash\nls\n', '\n\n'],
    ['\n%%html\n<b>f(1)</b>', '\n\n'],
    ['%%time\nf(1)', '\nf(1)'],
    ['%%timeit -n 3\n%pwd\nf(1)', '\n\nf(1)'],
  ])('makes %j %j', (cell, python) => {
    expect(withoutMagics(cell)).toBe(python);
  });

  it.each([
    's = """\n%d of\n!x\nf?\n"""',
    "s = '''it's\n%d'''",
    "s = 'a \\\n%d'",
    'x = (a # (\n% b)',
    'x = a \\\n% b',
    'x = "#" % (\n!y',
    'f(1) # why?\nx = "why?"',
    'x != y',
  ])('leaves %j as it is', (cell) => {
    expect(withoutMagics(cell)).toBe(cell);
  });

  it('never shifts a line, and leaves lines of Python between magics as they are', () => {
    const python = fc.constantFrom(
      'f(1)',
      '',
      'x = 1',
      '# why?',
      "s = 'it'",
      'y = """a"""',
      'def f(x): return x',
    );
    const magic = fc.constantFrom(
      '%pwd',
      '!ls',
      'f?',
      '?f',
      '%time f(1)',
      "!echo '",
      'a = !ls',
      '%load_ext x',
    );
    const line = fc.oneof(
      python.map((text) => ({ text, isMagic: false })),
      magic.map((text) => ({ text, isMagic: true })),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const given = lines.map(({ text }) => text).join('\n');
        const after = withoutMagics(given).split('\n');
        expect(after).toHaveLength(given.split('\n').length);
        for (const [index, { text, isMagic }] of lines.entries())
          if (isMagic) expect(after[index]).not.toContain(text);
          else expect(after[index]).toBe(text);
      }),
    );
  });

  it('never shifts a line of any text', () => {
    const piece = fc.constantFrom(
      '%',
      '!',
      '?',
      '\n',
      '\\',
      '"',
      "'",
      '"""',
      '(',
      ')',
      '#',
      'x',
      ' ',
      '=',
      '%%time',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const cell = pieces.join('');
        for (const change of [withoutMagics, dedented])
          expect(change(cell).split('\n')).toHaveLength(cell.split('\n').length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('dedented', () => {
  it('puts a cell at the left margin whose first line is not', () => {
    expect(dedented('\n  x = 1\n  if x:\n    y')).toBe('\nx = 1\nif x:\n  y');
    expect(dedented('if x:\n    y')).toBe('if x:\n    y');
  });
});
