import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pair } from '../../../protocol/task.ts';
import { exampleAbduction, exampleDeduction, exampleInduction } from '../../../test/support/example-tasks.ts';
import { scriptedSandbox } from '../../../test/support/scripted-sandbox.ts';
import { trivialContext } from '../judge/trivial-context.ts';
import { trivialFailures } from '../judge/trivial-induction.ts';
import { createSandbox } from '../sandbox/create-sandbox.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { readCall } from '../values/literal-reader.ts';
import { writeOutput } from '../values/literal-writer.ts';
import { maxHitShare, maxProbes } from './abduction/rules.ts';
import { maxExceptionShare } from './deduction/rules.ts';
import { exceptionsTooMany, isException } from './deduction/worth.ts';
import { drawPairs, furtherPairs } from './induction/pairs.ts';
import {
  maxHiddenPairs,
  minHiddenOutputs,
  minHiddenPairs,
  minTrivialFailures,
  shownPairs,
} from './induction/rules.ts';
import { worthInduction } from './induction/worth.ts';
import { worth } from './worth.ts';

const { signal } = new AbortController();
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createSandbox({}, signal);
}, 120_000);
afterAll(() => sandbox.close());

describe('a deduction is worth solving', () => {
  const broken = (call: string, output: string) =>
    worth(exampleDeduction({ call, output }), trivialContext([]), scriptedSandbox(fails), signal);

  it.each([
    ['(21,)', '42', null],
    ['(21, 42)', '42', 'argument'],
    // Another type is another value.
    ['(True,)', '1', null],
    ["('ab', [1])", '[1]', 'argument'],
    ['(1,)', 'raise ValueError', null],
  ])('unless its output is an argument: %s gives %s', async (call, output, rule) => {
    expect(await broken(call, output)).toBe(rule);
  });

  it('with an exception as its output in a small share of a set only', () => {
    const set = fc
      .array(fc.boolean(), { maxLength: 200 })
      .map((raises) =>
        raises.map((isRaised, at) =>
          exampleDeduction({ id: `${at}`.padStart(4, '0'), output: isRaised ? 'raise KeyError' : '5' }),
        ),
      );
    fc.assert(
      fc.property(set, (tasks) => {
        const tooMany = new Set(exceptionsTooMany(tasks));
        expect([...tooMany].every(isException)).toBe(true);
        const kept = tasks.filter((task) => !tooMany.has(task));
        const exceptions = kept.filter(isException).length;
        expect(exceptions).toBeLessThanOrEqual(maxExceptionShare * kept.length + 1e-9);
        // One more would be too many, so that none is lost for nothing.
        if (tooMany.size > 0) expect((exceptions + 1) / (kept.length + 1)).toBeGreaterThan(maxExceptionShare);
      }),
    );
  });
});

const fails = () => ({ outcome: 'exception', type: 'ValueError' }) as const;

describe('an abduction is worth solving', () => {
  const broken = async (program: string, call: string, output: string, known: readonly Pair[] = []) => {
    const task = exampleAbduction({ program, entry: 'f', call, output });
    const others = known.map(([itsCall, itsOutput], at) =>
      exampleDeduction({ id: `${at}`, program, entry: 'f', call: itsCall, output: itsOutput }),
    );
    return worth(task, trivialContext([task, ...others]), sandbox, signal);
  };

  it.each([
    ['where few calls give the output', 'def f(n: int):\n    return n * 7 + 1\n', '(6,)', '43', null],
    [
      'and not where many do',
      'def f(n: int):\n    return 43 if n >= 0 else n\n',
      '(6,)',
      '43',
      'easily-found',
    ],
    ['and not for None', 'def f(n: int):\n    return None if n else 1\n', '(6,)', 'None', 'none'],
    ['and not for an exception', 'def f(n):\n    raise KeyError\n', '(6,)', 'raise KeyError', 'exception'],
  ])(
    '%s',
    async (_name, program, call, output, rule) => {
      expect(await broken(program, call, output)).toBe(rule);
    },
    60_000,
  );

  it('unless the known calls of its program give the output too', async () => {
    const program = 'def f(text):\n    return len(text.split("|")) + 40\n';
    const pairs = (count: number): Pair[] =>
      Array.from({ length: count }, (_, at) => [`('a|${'b'.repeat(at)}|c',)`, '43']);
    expect(await broken(program, "('x|y|z',)", '43')).toBe(null);
    expect(await broken(program.replace('40', '40 + 0'), "('x|y|z',)", '43', pairs(20))).toBe('easily-found');
  }, 60_000);

  it('from the share that its rule says on, tried with a bounded number of calls', async () => {
    for (const [hits, rule] of [
      [1, null],
      [maxProbes, 'easily-found'],
    ] as const) {
      let ran = 0;
      const counting = scriptedSandbox(() => {
        ran += 1;
        return { outcome: 'ok', value: { type: 'int', value: ran <= hits ? 43n : 7n } };
      });
      const task = exampleAbduction({
        program: 'def f(a: int, b: int):\n    return 1\n',
        entry: 'f',
        output: '43',
      });
      expect(await worth(task, trivialContext([task]), counting, signal)).toBe(rule);
      expect(ran).toBeGreaterThan(1 / maxHitShare);
      expect(ran).toBeLessThanOrEqual(maxProbes);
      // The made-up calls of a program are run once.
      const before = ran;
      await worth({ ...task, output: '44' }, trivialContext([task]), counting, signal);
      expect(ran - before).toBeLessThan(5);
    }
  });

  it('by calls that ended: after two that ran into limits no further one is tried', async () => {
    const slow = scriptedSandbox(() => ({ outcome: 'limit', limit: 'wall' }));
    const task = exampleAbduction({ program: 'def f(a: int):\n    while a: pass\n', entry: 'f' });
    expect(await worth(task, trivialContext([task]), slow, signal)).toBe(null);
    expect(slow.asked.length).toBeLessThanOrEqual(2 + 8);
  });
});

describe('an induction is worth solving', () => {
  const pairs = (from: number, count: number, gives: (x: number) => number | string): Pair[] =>
    Array.from({ length: count }, (_, at) => [`(${from + at},)`, `${gives(from + at)}`]);
  const square = (x: number) => x * x + 5;
  const shown = pairs(1, 3, square);

  it.each([
    ['pairs enough', shown, pairs(10, 5, square), null],
    ['too few shown', shown.slice(1), pairs(10, 5, square), 'few-shown'],
    ['a shown call twice', [...shown.slice(1), ...shown.slice(1)], pairs(10, 5, square), 'few-shown'],
    ['too few hidden', shown, pairs(10, 4, square), 'few-hidden'],
    ['hidden calls that are shown', shown, [...shown, ...pairs(10, 3, square)], 'few-hidden'],
    ['two outputs', shown, pairs(10, 6, (x) => x % 2), 'few-outputs'],
    ['identity but for one', shown, [...pairs(10, 5, (x) => x), ['(99,)', '4'] as Pair], 'nearly-trivial'],
    ['identity but for two', shown, [...pairs(10, 5, (x) => x), ...pairs(98, 2, square)], null],
    [
      'a shown output but for one',
      shown,
      [...pairs(10, 5, () => square(1)), ...pairs(20, 1, square)],
      'few-outputs',
    ],
    ['nearest but for one', pairs(1, 3, (x) => x + 50), nearest(1), 'nearly-trivial'],
    ['nearest but for two', pairs(1, 3, (x) => x + 50), nearest(2), null],
  ])('by its pairs: %s', async (_name, itsShown, hidden, rule) => {
    expect(worthInduction({ shown: itsShown, hidden })).toBe(rule);
    const task = exampleInduction({ shown: itsShown, hidden });
    expect(await worth(task, trivialContext([]), sandbox, signal)).toBe(rule);
  });

  /** Floats near the shown calls 1, 2, 3 with their outputs, and so many others. */
  function nearest(others: number): Pair[] {
    const near: Pair[] = [1.01, 2.01, 3.01, 1.02, 2.02, 3.02].map((x) => [
      `(${x},)`,
      `${Math.round(x) + 50}`,
    ]);
    return [...near, ...pairs(500, others, square)];
  }

  it('with pairs that are drawn for it: by the rules, distinct, some made up, and each what the program gives', async () => {
    const program = 'def f(n: int):\n    return n * n + 5\n';
    const known = pairs(1, 9, square);
    const drawn = await drawPairs({ program, entry: 'f', pairs: known }, sandbox, signal);
    if (typeof drawn === 'string') throw new TypeError(drawn);
    const texts = new Set(known.map(([call]) => call));
    expect(drawn.shown).toHaveLength(shownPairs);
    expect(drawn.hidden.length).toBeGreaterThanOrEqual(minHiddenPairs);
    expect(drawn.hidden.length).toBeLessThanOrEqual(maxHiddenPairs);
    expect(new Set(drawn.hidden.map(([, output]) => output)).size).toBeGreaterThanOrEqual(minHiddenOutputs);
    expect(drawn.shown.every(([call]) => texts.has(call))).toBe(true);
    expect(drawn.hidden.filter(([call]) => !texts.has(call)).length).toBeGreaterThanOrEqual(4);
    const all = [...drawn.shown, ...drawn.hidden];
    expect(new Set(all.map(([call]) => call)).size).toBe(all.length);
    for (const { failed } of trivialFailures(drawn))
      expect(failed).toBeGreaterThanOrEqual(minTrivialFailures);
    for (const [call, output] of all) {
      const read = readCall(call);
      if (!read.ok) throw new TypeError(call);
      const ran = await sandbox.run({ program, entry: 'f', call: read.value }, signal);
      expect(ran.outcome === 'ok' && writeOutput({ type: 'value', value: ran.value })).toBe(output);
    }
  }, 60_000);

  it('with pairs that keep the rules, whatever the program gives, or not at all', async () => {
    const functions = [
      (x: bigint) => x * x + 5n,
      (x: bigint) => x,
      (x: bigint) => x % 2n,
      (x: bigint) => x % 3n,
      (x: bigint) => (x > 10n ? x : 0n),
      (x: bigint) => x / 10n,
    ];
    const calls = fc.uniqueArray(fc.bigInt(-100n, 100n), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...functions), calls, async (gives, known) => {
        const counting = scriptedSandbox(({ call: [x] }) =>
          x?.type === 'int' ? { outcome: 'ok', value: { type: 'int', value: gives(x.value) } } : fails(),
        );
        const program = 'def f(n: int):\n    return n\n';
        const itsPairs = known.map((x): Pair => [`(${x},)`, `${gives(x)}`]);
        const drawn = await drawPairs({ program, entry: 'f', pairs: itsPairs }, counting, signal);
        // Bounded, however many pairs there are.
        expect(counting.asked.length).toBeLessThanOrEqual(24 + 12);
        if (typeof drawn === 'string') return;
        expect(worthInduction(drawn)).toBe(null);
        expect(drawn.shown).toHaveLength(shownPairs);
        expect(drawn.hidden.length).toBeLessThanOrEqual(maxHiddenPairs);
        const again = await drawPairs(
          { program, entry: 'f', pairs: [...itsPairs].reverse() },
          counting,
          signal,
        );
        expect(again).toEqual(drawn);
      }),
      { numRuns: 60 },
    );
  });

  it('never with a pair that verification does not confirm', async () => {
    let verified = 0;
    const once = scriptedSandbox(() => ({ outcome: 'ok', value: { type: 'int', value: 1n } }));
    const changing: Sandbox = {
      ...once,
      verify: () => {
        verified += 1;
        return Promise.resolve({
          outcome: 'ok',
          value: { type: 'int', value: BigInt(verified + 1) },
          cpuMs: 1,
        });
      },
    };
    const program = 'def f(n: int):\n    return 1\n';
    expect(await furtherPairs({ program, entry: 'f', pairs: [] }, changing, signal)).toEqual([]);
    expect(verified).toBeGreaterThan(0);
  });

  it('never with calls whose outputs depend on the moment', async () => {
    const program = 'import random\ndef f(n: int):\n    return n + random.randrange(10 ** 9)\n';
    expect(await drawPairs({ program, entry: 'f', pairs: [] }, sandbox, signal)).toBe('few-shown');
  }, 60_000);
});
