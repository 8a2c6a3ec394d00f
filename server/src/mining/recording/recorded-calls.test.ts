import { describe, expect, it } from 'vitest';
import { writeCall } from '../../values/literal-writer.ts';
import { createPacer } from '../pacer.ts';
import { parsePython } from '../python-parser.ts';
import { readModule } from '../slicing/module.ts';
import { unitsOf } from '../units.ts';
import { argumentText, type WrittenObject } from './recorded-argument.ts';
import { RecordedCalls } from './recorded-calls.ts';
import type { RecordedCall } from './recording.ts';

const { signal } = new AbortController();

async function recordedOf(text: string, symbol: string, calls: readonly Partial<RecordedCall>[]) {
  const module = await readModule('m.py', 'hash', parsePython(text), createPacer(signal));
  const unit = unitsOf(module).find((each) => each.symbol === symbol);
  if (unit === undefined) throw new Error(`There is no ${symbol}.`);
  const recorded = new RecordedCalls();
  const plain = { file: 'm.py', line: 1, name: symbol.split('.').at(-1) ?? '', args: [], keywords: {} };
  recorded.add(
    'test_m.py',
    calls.map((call) => ({ ...plain, ...call })),
  );
  const its = await recorded.of(module, unit);
  return {
    calls: its.calls.map(({ text: written }) => written),
    made: its.made.map(({ made, args }) => [writeCall(made), writeCall(args)]),
    objects: its.objects.map(({ owner, args }) => [
      owner === null ? null : argumentText(owner),
      ...args.map(argumentText),
    ]),
  };
}

const box: WrittenObject = {
  class: 'Box',
  file: 'm.py',
  args: ['[1]'],
  names: ['x'],
  given: 1,
  keywords: {},
};

describe('RecordedCalls', () => {
  it('gives a function its calls, without what would hold anyway, each once', async () => {
    const calls = [{ args: ['1', '2'] }, { args: ['1', '5'] }, { args: ['1', '2'] }, { args: ['3', '0x5'] }];
    const { calls: found } = await recordedOf('def f(x, y=5): return x\n', 'f', calls);
    expect(found).toEqual(['(1, 2)', '(1,)', '(3,)']);
  });

  it('takes calls by name only where they say what would hold anyway', async () => {
    const calls = [
      { args: ['1'], keywords: { key: 'None' } },
      { args: ['2'], keywords: { key: '7' } },
    ];
    expect((await recordedOf('def f(x, *, key=None): return x\n', 'f', calls)).calls).toEqual(['(1,)']);
  });

  it('gives a method its calls with how its object was made, where that is of its class', async () => {
    const text = 'class Box:\n    def __init__(self, x): pass\n    def put(self, y): return y\n';
    const calls = [{ line: 3, args: ['2'], made: box }];
    const made = [['([1],)', '(2,)']];
    expect(await recordedOf(text, 'Box.put', calls)).toEqual({ calls: [], made, objects: [] });
  });

  it('tells calls apart that take objects, are made of some, by name, or of another class', async () => {
    const text = 'class Box:\n    def __init__(self, x): pass\n    def put(self, y): return y\n';
    const calls = [
      { line: 3, args: [box], made: box },
      { line: 3, args: ['3'], made: { ...box, class: 'Sub' } },
      { line: 3, args: ['4'], made: { ...box, keywords: { size: '1' } } },
      { line: 3, args: ['5'], made: { ...box, args: [box] } },
      { line: 3, args: ['5'], made: { ...box, args: [box] } },
    ];
    expect((await recordedOf(text, 'Box.put', calls)).objects).toEqual([
      ['Box([1])', 'Box([1])'],
      ['Sub([1])', '3'],
      ['Box([1], size=1)', '4'],
      ['Box(Box([1]))', '5'],
    ]);
    const plain = await recordedOf('def f(x, y): return x\n', 'f', [{ args: ['1', box] }]);
    expect(plain).toEqual({ calls: [], made: [], objects: [[null, '1', 'Box([1])']] });
  });

  it('finds a function that has moved since by its name, unless there are several', async () => {
    const text = '# A new line.\ndef f(x): return x\n';
    expect((await recordedOf(text, 'f', [{ args: ['1'] }])).calls).toEqual(['(1,)']);
    const several = [
      { line: 1, args: ['1'] },
      { line: 9, args: ['2'] },
    ];
    expect((await recordedOf(text, 'f', several)).calls).toEqual([]);
  });

  it('takes nothing of other files and names, and no secrets', async () => {
    const calls = [
      { file: 'n.py', args: ['1'] },
      { name: 'g', args: ['2'] },
      { args: ["'ghp_abcdefghijklmnopqrstuvwxyz0123456789'"] },
      { args: ['4'] },
    ];
    expect((await recordedOf('def f(x): return x\n', 'f', calls)).calls).toEqual(['(4,)']);
  });
});
