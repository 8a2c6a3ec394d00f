import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NotebookRead, readNotebook } from './read-notebook.ts';

const most = 10_000;

function code(source: string | string[], more: object = {}) {
  return { cell_type: 'code', execution_count: 1, metadata: {}, outputs: [], source, ...more };
}

function notebook(cells: readonly unknown[], more: object = {}): string {
  return JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5, ...more }, null, 1);
}

function cellsOf(read: NotebookRead) {
  if (!read.ok) throw new Error(`${read.loss}: ${read.detail}`);
  return read.cells;
}

/** The lines of a file that a cell's lines are said to stand on. */
function shown(json: string): string[][] {
  const lines = json.split('\n');
  return cellsOf(readNotebook(json, most)).map((cell) => cell.lines.map((line) => lines[line - 1] ?? ''));
}

describe('readNotebook', () => {
  it('gives the code cells in order, with the lines of the file that they stand on', () => {
    const json = notebook([
      { cell_type: 'markdown', metadata: {}, source: ['f(0)'] },
      code(['def f(x):\n', '\n', '    return x\n'], {
        outputs: [{ output_type: 'stream', text: ['f(9)\n'] }],
      }),
      code('f(1)\nf(2)'),
      code([]),
    ]);
    const cells = cellsOf(readNotebook(json, most));
    expect(cells.map(({ number, text }) => [number, text])).toEqual([
      [2, 'def f(x):\n\n    return x\n'],
      [3, 'f(1)\nf(2)'],
      [4, ''],
    ]);
    expect(shown(json).slice(0, 2)).toEqual([
      ['    "def f(x):\\n",', '    "\\n",', '    "    return x\\n"', '    "    return x\\n"'],
      ['   "source": "f(1)\\nf(2)"', '   "source": "f(1)\\nf(2)"'],
    ]);
  });

  it('reads format 3', () => {
    const cells = [
      { cell_type: 'heading', level: 1, source: ['f(0)'] },
      { cell_type: 'code', input: ['f(1)\n', 'f(2)'], language: 'python', outputs: [] },
      { cell_type: 'code', input: 'puts 1', language: 'ruby', outputs: [] },
    ];
    const json = JSON.stringify({ metadata: {}, nbformat: 3, worksheets: [{ cells }] }, null, 1);
    expect(cellsOf(readNotebook(json, most))).toMatchObject([{ number: 2, text: 'f(1)\nf(2)' }]);
    expect(shown(json)).toEqual([['      "f(1)\\n",', '      "f(2)"']]);
  });

  it('puts all of a notebook without line breaks on its one line', () => {
    const json = JSON.stringify({ cells: [code(['f(1)\n', 'f(2)'])] });
    expect(cellsOf(readNotebook(json, most))[0]?.lines).toEqual([1, 1]);
  });

  it('loses a broken cell alone', () => {
    const read = readNotebook(
      notebook([code('a'), 7, { cell_type: 'code' }, code(['x', 1] as string[]), code('\ud800'), code('b')]),
      most,
    );
    expect(cellsOf(read).map(({ text }) => text)).toEqual(['a', 'b']);
    expect(read).toMatchObject({
      lost: [2, 3, 4]
        .map((cell) => `cell ${cell}: not of the form of a cell`)
        .concat('cell 5: half of a surrogate pair'),
    });
  });

  it.each([
    ['', 'no JSON with cells'],
    ['{"cells": [', 'no JSON with cells'],
    ['[]', 'no JSON with cells'],
    ['{"nbformat": 4}', 'no JSON with cells'],
    ['{"cells": {"0": 1}}', 'no JSON with cells'],
    ['version https://git-lfs.github.com/spec/v1\n', 'no JSON with cells'],
    [`{"cells": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'JSON that is too deep'],
    ['['.repeat(1_000_000), 'JSON that is too deep'],
    ['"\\'.repeat(10_000), 'no JSON with cells'],
    [notebook([], { metadata: { kernelspec: { language: 'R', name: 'ir' } } }), 'in R'],
    [notebook([], { metadata: { language_info: { name: 'julia' } } }), 'in julia'],
  ])('says that %.40j is no notebook', (json, detail) => {
    expect(readNotebook(json, most)).toEqual({ ok: false, loss: 'not-a-notebook', detail });
  });

  it('takes metadata that are not of their form for none', () => {
    for (const metadata of [
      null,
      7,
      { kernelspec: null },
      { kernelspec: { language: 3 }, language_info: [] },
    ])
      expect(cellsOf(readNotebook(notebook([code('a')], { metadata }), most))).toHaveLength(1);
  });

  it('bounds cells and code, but no outputs', () => {
    const image = { output_type: 'display_data', data: { 'image/png': 'A'.repeat(most) } };
    expect(readNotebook(notebook([code('a', { outputs: [image] })]), most).ok).toBe(true);
    expect(readNotebook(notebook([code('a'.repeat(most)), code('b')]), most)).toEqual({
      ok: false,
      loss: 'too-large',
      detail: '10001 characters of code, 10000 allowed',
    });
    expect(readNotebook(notebook(Array.from({ length: 5_001 }, () => code(''))), most)).toMatchObject({
      loss: 'too-large',
    });
  });

  it('never throws, whatever the JSON', () => {
    const parts = fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.jsonValue().map((value) => JSON.stringify({ cells: value })),
      fc.array(fc.jsonValue()).map((cells) => JSON.stringify({ cells })),
      fc
        .array(fc.jsonValue())
        .map((all) => JSON.stringify({ cells: all.map((source) => ({ cell_type: 'code', source })) })),
      fc.jsonValue().map((value) => JSON.stringify({ worksheets: value })),
      fc
        .array(fc.constantFrom('{', '}', '[', ']', ',', '"', '\\', ':', '\n', '"cells"', '"source"', '1'))
        .map((all) => all.join('')),
    );
    fc.assert(
      fc.property(parts, (json) => {
        const read = readNotebook(json, most);
        if (read.ok)
          for (const { text, lines } of read.cells) {
            expect(lines).toHaveLength(text.split('\n').length);
            expect(lines.every((line) => line >= 1 && line <= json.split('\n').length)).toBe(true);
          }
      }),
      { numRuns: 200 },
    );
  });

  it('gives the code of any cells back in order, each line on the line of the file that holds it', () => {
    const line = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll(/[\r\n]/g, '')),
      fc.constantFrom('', '"', '\\', '{', '}', '[', ',', 'cells', '"source": ['),
    );
    const key = fc.constantFrom('source', 'input', 'cells', 'outputs', 'a"b', '\\');
    const other = fc.record({ cell_type: fc.constantFrom('markdown', 'raw'), source: line });
    const cell = fc.record({
      isList: fc.boolean(),
      isOther: fc.boolean(),
      lines: fc.array(line, { maxLength: 6 }),
      other,
      outputs: fc.array(fc.dictionary(key, fc.oneof(line, fc.array(line))), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 6 }), fc.constantFrom(undefined, 1, '\t'), (all, indent) => {
        const cells = all.map(({ isList, isOther, lines, other: its, outputs }) => {
          const parts = lines.map((text, index) => (index === lines.length - 1 ? text : `${text}\n`));
          return isOther ? its : { cell_type: 'code', outputs, source: isList ? parts : parts.join('') };
        });
        const json = JSON.stringify({ nbformat: 4, metadata: {}, cells }, null, indent);
        const file = json.split('\n');
        const read = cellsOf(readNotebook(json, 1_000_000));
        const wanted = all.filter(({ isOther }) => !isOther);
        expect(read.map(({ text }) => text)).toEqual(wanted.map(({ lines }) => lines.join('\n')));
        for (const [index, { lines }] of read.entries())
          for (const [nth, at] of lines.entries()) {
            const text = wanted[index]?.lines[nth] ?? '';
            expect(file[at - 1]).toContain(JSON.stringify(text).slice(1, -1));
          }
      }),
    );
  });
});
