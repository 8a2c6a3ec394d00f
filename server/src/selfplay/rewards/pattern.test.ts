import { describe, expect, it } from 'vitest';
import { structureOf } from './pattern.ts';
import { PatternRecord } from './pattern-record.ts';

describe('structure', () => {
  const parity = 'def f(x):\n    return hash(x) % 2\n';

  it('is the same for programs that do the same with other names, values and order', () => {
    expect(structureOf('def coin(text):\n    h = hash(text)\n    return h % 7\n')).toBe(structureOf(parity));
  });

  it('differs where they are steered otherwise, call or compute something else', () => {
    const others = [
      'def f(x):\n    return len(x) % 2\n',
      'def f(x):\n    return hash(x) + 2\n',
      'def f(x):\n    if x:\n        return hash(x) % 2\n',
      'def f(x):\n    return [hash(y) % 2 for y in x]\n',
    ];
    expect(new Set([parity, ...others].map(structureOf)).size).toBe(5);
  });

  it('names what is called and not defined', () => {
    const program =
      'def helper(x):\n    return x.strip()\ndef f(xs):\n    for x in xs:\n        xs = sorted(helper(x))\n    return xs\n';
    expect(structureOf(program)).toBe('2×function_definition for_statement sorted() strip()');
  });

  it('reads broken code too', () => {
    expect(structureOf('def f(:\n  return (')).toEqual(expect.any(String));
    expect(structureOf('')).toBe('');
  });
});

describe('a pattern’s record', () => {
  const played = (right: number, judged: number) => {
    const record = new PatternRecord();
    for (let left = judged; left > 0; left -= 8) record.add('p', (8 * right) / judged, 8);
    return record;
  };

  it('says nothing before 64 attempts', () => {
    expect(played(28, 56).isAtChance('p', 0.5)).toBe(false);
    expect(played(32, 64).isAtChance('p', 0.5)).toBe(true);
    expect(new PatternRecord().isAtChance('p', 0.5)).toBe(false);
  });

  it('tells what is learnt from what is flipped', () => {
    expect(played(48, 64).isAtChance('p', 0.5)).toBe(false);
    expect(played(38, 64).isAtChance('p', 0.5)).toBe(true);
  });

  it('takes rare successes for hard tasks where there is little to guess', () => {
    expect(played(2, 64).isAtChance('p', 0.04)).toBe(false);
    expect(played(2, 64).isAtChance('p', 0.1)).toBe(true);
  });

  it('forgets, so that a model that learns is seen', () => {
    const record = played(1024, 4096);
    for (let group = 0; group < 128; group += 1) record.add('p', 6, 8);
    expect(record.isAtChance('p', 0.5)).toBe(false);
  });
});
