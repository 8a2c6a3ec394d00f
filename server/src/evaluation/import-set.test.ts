import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSource } from '../mining/files/read-source.ts';
import { importLine } from './import-line.ts';
import { importBounds, importSet } from './import-set.ts';

const { signal } = new AbortController();
const here = { name: 'pyodide', version: '314.0.7', python: '3.14.2' } as const;

function imported(...lines: readonly unknown[]) {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  return importSet('/data/set.jsonl', { text, hash: 'h' }, here);
}

function faultOf(line: unknown): string | undefined {
  const { items, faults } = imported(line);
  expect(items).toEqual([]);
  return faults.first[0]?.detail;
}

const crux = { code: 'def f(a, b):\n    return a * b\n', input: "'x', 3", output: "'xxx'", id: 'sample_1' };
const pair = { program: 'def g(x):\n    return x\n', entry: 'g', call: '(1,)', output: '1' };

describe('CRUXEval, half A', () => {
  it('gives a deduction and an abduction task of each line whose input is literal, and names the others', async () => {
    const file = path.resolve(import.meta.dirname, '../../../bench/data/cruxeval-a.jsonl');
    const read = await readSource(file, importBounds.fileBytes, signal);
    if (!read.ok) throw new TypeError(read.detail);
    const { items, faults } = importSet(file, read.source, here);
    const lines = read.source.text.split('\n');
    const named = faults.first.map(({ line }) => (JSON.parse(lines[line - 1] ?? '') as { id: string }).id);
    expect(named.map((id) => Number(id.replace('sample_', '')))).toEqual([
      152, 258, 344, 364, 378, 522, 694, 720, 760, 770,
    ]);
    expect(items.filter(({ task }) => task.kind === 'deduction')).toHaveLength(390);
    expect(items.filter(({ task }) => task.kind === 'abduction')).toHaveLength(390);
    expect(new Set(items.map(({ relation }) => relation))).toEqual(new Set(['pyEqual']));
    expect(new Set(items.map(({ repository }) => repository))).toEqual(new Set(['cruxeval-a.jsonl']));
    expect(items[0]?.task).toMatchObject({
      kind: 'deduction',
      entry: 'f',
      call: '([1, 1, 3, 1, 3, 1],)',
      output: '[(4, 1), (4, 1), (4, 1), (4, 1), (2, 3), (2, 3)]',
      unit: { file: 'cruxeval-a.jsonl', symbol: 'sample_0', line: 1, fileHash: read.source.hash },
    });
    // Both tasks of a program are one unit.
    expect(new Set(items.map(({ task }) => task.unit.unitHash)).size).toBe(390);
  });
});

describe('a line', () => {
  it('of CRUXEval’s fields asks for both kinds, scored as Python’s == does', () => {
    const { items, faults } = imported(crux);
    expect(faults.count).toBe(0);
    expect(items.map(({ task, relation }) => [task.kind, 'call' in task && task.call, relation])).toEqual([
      ['deduction', "('x', 3)", 'pyEqual'],
      ['abduction', "('x', 3)", 'pyEqual'],
    ]);
  });

  it('of ours is scored as rewards are, unless it says otherwise', () => {
    const kinds = (record: object) =>
      imported(record).items.map(({ task, relation }) => `${task.kind} ${relation}`);
    expect(kinds(pair)).toEqual(['deduction sameValue', 'abduction sameValue']);
    expect(kinds({ ...pair, kind: 'deduction', answer: '2', verdict: 'wrong' })).toEqual([
      'deduction sameValue',
    ]);
    expect(kinds({ ...pair, kind: 'abduction', relation: 'pyEqual' })).toEqual(['abduction pyEqual']);
    expect(kinds({ ...pair, output: 'raise ValueError' })).toEqual(['deduction sameValue']);
    expect(kinds({ ...pair, kind: 'deduction', output: undefined })).toEqual(['deduction sameValue']);
  });

  it('of a task for induction hides its pairs', () => {
    const line = { kind: 'induction', program: pair.program, entry: 'g', message: 'Gives it back.' };
    const { items } = imported({
      ...line,
      shown: [['(1,)', '1']],
      pairs: [['( 2, )', '2']],
      repository: 'r',
    });
    expect(items).toMatchObject([
      { repository: 'r', task: { kind: 'induction', shown: [['(1,)', '1']], hidden: [['(2,)', '2']] } },
    ]);
  });

  it.each<[string, unknown, string]>([
    ['no JSON', '{"code": ', 'it is no JSON'],
    ['cut off', JSON.stringify(crux).slice(0, -4), 'it is no JSON'],
    ['a list', [1], 'it is no JSON object'],
    ['a number', 7, 'it is no JSON object'],
    ['null', 'null', 'it is no JSON object'],
    ['without a program', { entry: 'g', call: '(1,)', output: '1' }, 'program: '],
    ['an empty program', { ...crux, code: '' }, 'code: '],
    ['a program that is none', { ...crux, code: 7 }, 'code: '],
    ['a huge program', { ...crux, code: 'x'.repeat(70_000) }, 'code: '],
    ['a huge line', `{"code":"${'x'.repeat(2 ** 20)}"}`, 'it is longer than 1048576 characters'],
    ['an input that is code', { ...crux, input: '__import__("os").system("true")' }, 'input: no arguments'],
    ['an input that closes the call', { ...crux, input: '1) or (2' }, 'input: no arguments'],
    ['an input of names', { ...crux, input: 'a=1' }, 'input: no arguments'],
    ['an output that is no literal', { ...crux, output: 'float("nan")' }, 'output: no Python literal'],
    ['a huge output', { ...crux, output: `[${'1,'.repeat(80_000)}]` }, 'output: '],
    [
      'a deep output',
      { ...crux, output: '['.repeat(5_000) + ']'.repeat(5_000) },
      'output: no Python literal',
    ],
    ['no output to reach', { ...pair, kind: 'abduction', output: undefined }, 'output: it is missing'],
    ['an entry that is code', { ...pair, entry: 'g(1) or h' }, 'entry: is no name of a function'],
    ['an entry with a line end', { ...pair, entry: 'g\n' }, 'entry: is no name of a function'],
    ['another kind', { ...pair, kind: 'repair' }, 'kind: '],
    ['induction without a message', { ...pair, kind: 'induction', pairs: [['()', '1']] }, 'message: '],
    ['an id that is none', { ...crux, id: { a: 1 } }, 'id: '],
  ])('with %s gives no task and says why', (_, line, detail) => {
    expect(faultOf(line)).toContain(detail);
  });

  it('nested without end costs itself only', () => {
    const deep = `{"code":${'['.repeat(400_000)}`;
    const { items, faults } = imported(deep, crux);
    expect(faults).toMatchObject({ count: 1, first: [{ line: 1 }] });
    expect(items).toHaveLength(2);
  });

  it('never breaks the import, whatever it holds', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({ code: fc.jsonValue(), input: fc.jsonValue(), output: fc.jsonValue() })
        .map((line) => JSON.stringify(line)),
      fc
        .record({ code: fc.string(), input: fc.string(), output: fc.string() })
        .map((line) => JSON.stringify(line)),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const read = importLine(text);
        if (!read.ok) expect(read.detail).not.toBe('');
      }),
    );
  });
});

describe('a file', () => {
  it('passes over empty lines and counts all', () => {
    const { items, faults } = imported('', crux, '   ', '{', '');
    expect(items.map(({ task }) => task.unit.line)).toEqual([2, 2]);
    expect(faults).toEqual({ count: 1, first: [{ line: 4, detail: 'it is no JSON' }] });
  });

  it('asks nothing twice', () => {
    const { items, faults } = imported(crux, { ...crux, id: 'again', input: "'x', 3," });
    expect(items).toHaveLength(2);
    expect(faults.first.map(({ detail }) => detail)).toEqual([
      'its deduction task is that of line 1',
      'its abduction task is that of line 1',
    ]);
  });

  it('is read to a bound, and only the first faults are kept', () => {
    const many = Array.from({ length: importBounds.lines + 500 }, () => '{');
    const { faults } = imported(...many);
    expect(faults.count).toBe(importBounds.lines + 1);
    expect(faults.first).toHaveLength(importBounds.toldFaults);
  });
});
