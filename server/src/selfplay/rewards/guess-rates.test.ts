import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Kind } from '../../../../protocol/kind.ts';
import {
  exampleAbduction,
  exampleDeduction,
  exampleInduction,
} from '../../../../test/support/example-tasks.ts';
import { GuessRates, type Likeness, type Rated } from './guess-rates.ts';
import { outputText, outputType } from './output-type.ts';

function like(outputType: string, kind: Kind = 'deduction', pattern: string | null = null): Likeness {
  return { kind, outputType, pattern };
}

function counted(...tasks: readonly [count: number, task: Partial<Rated>][]): GuessRates {
  const rates = new GuessRates();
  for (const [count, task] of tasks) {
    for (let index = 0; index < count; index += 1) {
      rates.add({
        kind: 'deduction',
        outputType: 'int',
        pattern: null,
        output: `${index + 10}`,
        trivial: null,
        ...task,
      });
    }
  }
  return rates;
}

describe('c', () => {
  it('is the best single trivial solver’s rate, over tasks that it gets and tasks that none gets', () => {
    const rates = counted([20, { trivial: 'argument' }], [30, { trivial: 'empty-value' }], [50, {}]);
    expect(rates.chance(like('int'))).toBe(0.3);
  });

  it('is at least the commonest output’s share: the first solver that gets a task may hide another', () => {
    const rates = counted(
      [40, { output: '7', trivial: 'argument' }],
      [25, { output: '7', trivial: 'empty-value' }],
      [35, {}],
    );
    expect(rates.chance(like('int'))).toBe(0.65);
  });

  it('is about a half for coin flips', () => {
    const rates = counted(
      [52, { outputType: 'bool', output: 'True', trivial: 'commonest-output' }],
      [48, { outputType: 'bool', output: 'False', trivial: 'empty-value' }],
    );
    expect(rates.chance(like('bool'))).toBe(0.52);
  });

  it('is that of the kind where fewer than 50 of the type were seen', () => {
    const tasks: [number, Partial<Rated>][] = [
      [49, { trivial: 'argument' }],
      [51, { outputType: 'str', output: null }],
    ];
    expect(counted(...tasks).chance(like('int'))).toBe(0.49);
    expect(counted(...tasks, [1, { trivial: 'argument' }]).chance(like('int'))).toBe(1);
    expect(counted(...tasks).chance(like('never seen'))).toBe(0.49);
  });

  it('is that of the pattern where it can be guessed better: a parity in words hides among other strings', () => {
    const parity = { outputType: 'str', pattern: 'parity' };
    const rates = counted(
      [200, { outputType: 'str', pattern: 'honest' }],
      [13, { ...parity, output: "'odd'" }],
      [12, { ...parity, output: "'even'" }],
    );
    expect(rates.chance(like('str'))).toBeLessThan(0.1);
    expect(rates.chance(like('str', 'deduction', 'parity'))).toBe(0.52);
    expect(rates.hasFewValues(like('str', 'deduction', 'parity'))).toBe(true);
    expect(rates.hasFewValues(like('str', 'deduction', 'honest'))).toBe(false);
  });

  it('of a pattern says nothing before 24 of its tasks', () => {
    const one = { outputType: 'str', pattern: 'new', output: "'odd'" };
    const rates = counted([76, { outputType: 'str' }], [23, one]);
    expect(rates.chance(like('str', 'deduction', 'new'))).toBeCloseTo(23 / 99, 12);
    expect(rates.hasFewValues(like('str', 'deduction', 'new'))).toBe(false);
  });

  it('is 0 where nothing was seen, and kept apart by kind', () => {
    const rates = counted([60, { trivial: 'argument' }]);
    expect(rates.chance(like('int', 'abduction'))).toBe(0);
    expect(new GuessRates().chance(like('int'))).toBe(0);
  });

  it('takes a task of unknown type for its kind alone', () => {
    const rates = counted([60, {}], [60, { outputType: null, output: null, trivial: 'argument' }]);
    expect(rates.chance(like('str'))).toBe(0.5);
    expect(rates.chance(like('int'))).toBeCloseTo(1 / 60, 12);
  });

  it('stays in [0, 1]', () => {
    const task = fc.record({
      outputType: fc.constantFrom('int', 'bool', null),
      output: fc.constantFrom('1', 'True', null),
      trivial: fc.constantFrom('argument', 'empty-value', null),
    });
    fc.assert(
      fc.property(fc.array(task, { maxLength: 120 }), (tasks) => {
        const rates = counted(...tasks.map((one): [number, Partial<Rated>] => [1, one]));
        for (const type of ['int', 'bool', 'str']) {
          const chance = rates.chance(like(type));
          expect(chance).toBeGreaterThanOrEqual(0);
          expect(chance).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe('few values', () => {
  it('have bools, None and digits always, others where 50 tasks showed ten at most', () => {
    const rates = counted(
      [60, { outputType: 'str', output: "'yes'" }],
      [60, {}],
      [49, { outputType: 'list', output: '[1]' }],
    );
    const few = ['bool', 'none', 'digit', 'str', 'int', 'list'].filter((type) =>
      rates.hasFewValues(like(type)),
    );
    expect(few).toEqual(['bool', 'none', 'digit', 'str']);
  });
});

describe('output types', () => {
  it.each([
    ['True', 'bool'],
    ['7', 'digit'],
    ['10', 'int'],
    ['-1', 'int'],
    ["'7'", 'str'],
    ['7.0', 'float'],
    ['raise KeyError', 'raise'],
    ['[1]', 'list'],
  ])('%s is %s', (output, type) => {
    expect(outputType(exampleDeduction({ output }))).toBe(type);
    expect(outputType(exampleAbduction({ output }))).toBe(type);
  });

  it('of induction are those of its hidden outputs', () => {
    const task = (hidden: [string, string][]) => exampleInduction({ hidden });
    expect(
      outputType(
        task([
          ['(1,)', 'True'],
          ['(2,)', 'False'],
        ]),
      ),
    ).toBe('bool');
    expect(
      outputType(
        task([
          ['(1,)', 'True'],
          ['(2,)', '12'],
        ]),
      ),
    ).toBe('mixed');
    expect(
      outputText(
        task([
          ['(1,)', 'True'],
          ['(2,)', '12'],
        ]),
      ),
    ).toBe('["True","12"]');
  });
});
