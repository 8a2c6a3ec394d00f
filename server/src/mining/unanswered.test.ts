import { describe, expect, it } from 'vitest';
import { UnansweredCall } from '../../../protocol/pseudo-label.ts';
import { useMining } from '../../../test/support/mining.ts';
import type { MineOptions } from './mine.ts';

const { mineFiles } = useMining();

const unanswered = async (file: string, options: Partial<MineOptions> = {}) => {
  const { events, seeds } = await mineFiles({ 'a.py': file }, options);
  const calls = events.flatMap((event) => (event.type === 'unanswered' ? [event.call] : []));
  return { calls, seeds, brief: calls.map(({ entry, call, why }) => `${entry}${call}: ${why}`) };
};

describe('a call that execution cannot answer', () => {
  it('is one of a function that needs a package which is not there; its program has all else, without prose', async () => {
    const { calls, seeds } = await unanswered(
      'import nopackage as np\nfrom nopackage.linalg import norm as length\nimport os\n\nHALF = 0.5\n\n\ndef mean(xs):\n    """Mean.\n\n    >>> mean([1, 2])\n    1.5\n    """\n    # with numbers\n    return float(np.mean(xs)) * length(xs) * HALF\n',
    );
    expect(seeds).toEqual([]);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      kind: 'deduction',
      entry: 'mean',
      call: '([1, 2],)',
      why: 'third-party-import',
    });
    expect(calls[0]?.unit).toMatchObject({ file: 'a.py', symbol: 'mean', line: 8 });
    expect(calls[0]?.program).toBe(
      'from nopackage.linalg import norm as length\nimport nopackage as np\n\n\nHALF = 0.5\n\n\ndef mean(xs):\n    return float(np.mean(xs)) * length(xs) * HALF\n',
    );
    expect(() => UnansweredCall.parse(calls[0])).not.toThrow();
  });

  it('is one that reads the outside, or runs into a limit', async () => {
    const io = 'def size(name):\n    return len(open(name).read())\nsize("setup.cfg")\n';
    expect((await unanswered(io)).brief).toEqual(["size('setup.cfg',): does-io"]);
    const slow = 'def count(n):\n    while n:\n        n += 1\n    return n\ncount(3)\n';
    expect((await unanswered(slow)).brief).toEqual(['count(3,): limit']);
  }, 60_000);

  it('is none where execution said something: a value, nothing, no literal, another value each time', async () => {
    for (const body of [
      'return x + 1',
      'return None',
      'return object()',
      'raise ValueError',
      'import random\n    return random.random()',
    ]) {
      expect((await unanswered(`def f(x):\n    ${body}\nf(1)\n`)).brief).toEqual([]);
    }
  }, 60_000);

  it('is none of a function that has other calls with an output, or whose calls are made up', async () => {
    const some =
      'import nopackage\n\n\ndef f(x):\n    if x > 5:\n        return nopackage.up(x)\n    return [x]\nf(9)\nf(2)\nf(3)\n';
    expect(await unanswered(some)).toMatchObject({ brief: [], seeds: { length: 2 } });
    const none = 'import nopackage\n\n\ndef f(x: int):\n    return nopackage.up(x)\n';
    expect((await unanswered(none, { sources: ['generated'] })).brief).toEqual([]);
  }, 60_000);

  it('is none of what is held out, kept out, secret, too large, or shown by its program', async () => {
    const one = (more = '', call = '1') =>
      `import nopackage\n\n\n${more}def f(x):\n    return nopackage.up(x)\nf(${call})\n`;
    expect((await unanswered(one())).brief).toHaveLength(1);
    expect((await unanswered(one('# autodidact: ignore\n'))).brief).toEqual([]);
    expect((await unanswered(one('', `'${'x'.repeat(500)}'`))).brief).toEqual([]);
    const secret = "'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'";
    expect((await unanswered(one('', secret))).brief).toEqual([]);
    expect((await unanswered(one(`def key():\n    return ${secret}\n\n\n`))).brief).toHaveLength(1);
    const holds = one().replace('nopackage.up(x)', `nopackage.up(x, ${secret})`);
    expect((await unanswered(holds)).brief).toEqual([]);
    const shown = 'import nopackage\n\n\ndef f(x):\n    return nopackage.up(x) if x else f(1)\nf(1)\n';
    expect((await unanswered(shown)).brief).toEqual([]);
    const many = Array.from(
      { length: 40 },
      (_, n) => `def f${n}(x):\n    return nopackage.up${n}(x, ${n})\nf${n}(${n})\n`,
    ).join('\n\n');
    const split = await unanswered(`import nopackage\n\n\n${many}`, { split: { by: 'unit' } });
    expect(split.brief.length).toBeGreaterThan(10);
    expect(split.brief.length).toBeLessThan(40);
  }, 60_000);
});
