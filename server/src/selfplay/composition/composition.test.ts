import { describe, expect, it } from 'vitest';
import { exampleDeduction } from '../../../../test/support/example-tasks.ts';
import { compositionForm } from '../../tasks/proposals/composition-form.ts';
import { Archive, type ArchivedProgram } from '../archive.ts';
import { choices } from '../choices.ts';
import { callsAll } from './calls-all.ts';
import { chooseComposed } from './choose-composed.ts';

function archived(program: string, call: string, output: string): ArchivedProgram {
  const entry = /def (\w+)\(/.exec(program)?.[1] ?? '';
  const task = exampleDeduction({ program, entry, call, output });
  const found = new Archive([task]).program(task);
  if (found === undefined) throw new TypeError('The archive lost its program.');
  return found;
}

const count = archived('def count(text):\n    return len(text)\n', "('abc',)", '3');
const double = archived('def double(x):\n    return x * 2\n', '(4,)', '8');
const names = archived('def names(items):\n    return sorted(items)\n', "(['b', 'a'],)", "['a', 'b']");

describe('what a composition calls', () => {
  const chosen = (first: ArchivedProgram, others: readonly ArchivedProgram[], depth = 2) =>
    chooseComposed(first, others, depth, choices(3))?.map(({ entry }) => entry);

  it('is before all what gives what the other takes', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const composed = chooseComposed(count, [names, double], 2, choices(seed));
      expect(composed?.map(({ entry }) => entry)).toEqual(['count', 'double']);
    }
  });

  it('is as much as is asked for, where there is so much', () => {
    expect(chosen(count, [names, double], 3)).toEqual(['count', 'double', 'names']);
    expect(chosen(count, [double], 4)).toEqual(['count', 'double']);
    expect(chosen(count, [])).toBeUndefined();
  });

  it('has no names that clash, and one name only once', () => {
    const clashing = archived('LIMIT = 3\ndef f(x):\n    return x * LIMIT\n', '(4,)', '12');
    const other = archived('LIMIT = 4\ndef g(x):\n    return x + LIMIT\n', '(4,)', '8');
    const same = archived('LIMIT = 3\ndef h(x):\n    return x - LIMIT\n', '(4,)', '1');
    expect(chosen(clashing, [other])).toBeUndefined();
    expect(chosen(clashing, [same])).toEqual(['f', 'h']);
    expect(chosen(double, [archived('def double(x):\n    return x + x + 0\n', '(4,)', '8')])).toBeUndefined();
  });

  it('leaves room for what calls it, and stands not where it must be first in a file', () => {
    const long = archived(`def long(x):\n    return '${'a'.repeat(2_000)}' + x\n`, "('b',)", "'c'");
    const future = archived('from __future__ import annotations\ndef f(x):\n    return [x]\n', '(4,)', '[4]');
    expect(chosen(count, [long])).toBeUndefined();
    expect(chosen(count, [future])).toBeUndefined();
  });
});

describe('the form', () => {
  it('shows the functions and asks for one that calls them', () => {
    const { prompt } = compositionForm.ask([count, double]);
    expect(prompt).toContain('>>> def count(text):');
    expect(prompt).toContain('>>> double(4)\n8\n');
    expect(prompt.endsWith('>>> # a function that calls count and double\n>>> def')).toBe(true);
  });

  it('reads a function behind what it calls', () => {
    const text = " twice(text):\n...     return double(count(text))\n...\n>>> twice('ab')\n";
    expect(compositionForm.read(text, [count, double])).toEqual({
      type: 'call',
      program:
        'def count(text):\n    return len(text)\n\ndef double(x):\n    return x * 2\n\ndef twice(text):\n    return double(count(text))\n',
      entry: 'twice',
      call: "('ab',)",
    });
  });

  it('reads none that takes the name of what it is to call', () => {
    const text = ' double(x):\n...     return x\n...\n>>> double(1)\n';
    expect(compositionForm.read(text, [count, double])).toBeUndefined();
    expect(compositionForm.read('nothing of the kind', [count, double])).toBeUndefined();
  });
});

describe('whether a function calls others', () => {
  it.each([
    ['both', 'return double(count(x))', true],
    ['one of them', 'return double(x)', false],
    ['one by handing it on', 'return [double(x), list(map(count, x))]', true],
    ['one of its own of that name', 'count = len\n    return double(count(x))', false],
  ])('%s', (_, body, expected) => {
    const program = `def count(x):\n    return len(x)\n\ndef double(x):\n    return x * 2\n\ndef h(x):\n    ${body}\n`;
    expect(callsAll({ program, entry: 'h' }, ['count', 'double'])).toBe(expected);
    expect(callsAll({ program, entry: 'absent' }, ['count', 'double'])).toBe(false);
    expect(callsAll({ program, entry: 'h' }, [])).toBe(true);
  });
});
