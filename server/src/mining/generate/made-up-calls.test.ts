import { describe, expect, it } from 'vitest';
import { useMining } from '../../../../test/support/mining.ts';

const { mineFiles } = useMining();

describe('calls that are made up', () => {
  const made = async (module: string) =>
    (await mineFiles({ 'm.py': module }, { sources: ['generated'] })).brief;

  it.each([
    ['hints', 'def f(a: str, n: int):\n    return a[:n] + a[n:].upper()\n', /^f\('[^']*', -?\d+\) = '/],
    [
      'nested hints',
      'def f(a: "list[tuple[str, int]]"):\n    return {k: v + 1 for k, v in a}\n',
      /^f\(\[\('/,
    ],
    ['uses', 'def f(a):\n    return a.split(",")[0].strip()\n', /^f\('[^']*',\) = '/],
    [
      'loops',
      'def f(a):\n    total = 0\n    for b in a:\n        total += b\n    return total\n',
      /^f\(\[.*\],\) = \d/,
    ],
    ['defaults', 'def f(a=(1, 2), b=0.5):\n    return [x * b for x in a]\n', /^f\(\(/],
    ['names', 'def f(words, count):\n    return sorted(words)[:count]\n', /^f\(\['/],
  ])('follow %s', async (_name, module, expected) => {
    const brief = await made(module);
    expect(brief.length).toBeGreaterThanOrEqual(3);
    expect(brief.filter((seed) => expected.test(seed))).not.toEqual([]);
  });

  it('take the values that the code names, to reach its branches', async () => {
    const brief = await made(
      'def f(unit):\n    if unit == "stone":\n        return 6.35\n    if unit == "pound":\n        return 0.45\n    raise ValueError(unit)\n',
    );
    expect(brief).toContain("f('stone',) = 6.35");
    expect(brief).toContain("f('pound',) = 0.45");
  });

  it('are few, distinct in what they give, and the same each time', async () => {
    const module = 'def f(n: int):\n    return n % 3\n';
    const brief = await made(module);
    expect(new Set(brief.map((seed) => seed.split(' = ')[1]))).toEqual(new Set(['0', '1', '2']));
    expect(await made(module)).toEqual(brief);
  });

  it('are none where nothing tells how an object is made, or nothing returns', async () => {
    const { seeds, losses } = await mineFiles(
      {
        'm.py':
          'def f(a: Widget, n):\n    return a.size(n)\n\n\ndef h(a: Widget):\n    return a\n\n\ndef k(n: int):\n    raise KeyError(n)\n',
      },
      { sources: ['generated'] },
    );
    expect(seeds).toEqual([]);
    expect(losses).toEqual(['f: no-call', 'h: no-call', 'k: no-call-returns']);
  });
});
