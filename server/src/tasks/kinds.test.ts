import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { cellName, cells, Kind, proposedKinds } from '../../../protocol/kind.ts';
import { exampleExplain } from '../../../test/support/example-tasks.ts';
import { explain } from './explain/kind.ts';
import { messageFault } from './explain/rebuild.ts';
import { kindSpec } from './kinds.ts';

describe('each kind', () => {
  it.each(Kind.options)('%s says its rules, as the documentation does', async (kind) => {
    const page = await readFile(new URL('../../../docs/self-play.md', import.meta.url), 'utf8');
    expect(kindSpec(kind).kind).toBe(kind);
    expect(kindSpec(kind).rules).not.toEqual([]);
    expect(kindSpec(kind).rules.filter((rule) => !page.includes(rule))).toEqual([]);
  });

  it('is proposed where it has forms for it, whose shares add up to one', () => {
    for (const kind of Kind.options) {
      const shares = kindSpec(kind).forms.reduce((sum, { share }) => sum + share, 0);
      expect(shares).toBeCloseTo(proposedKinds.includes(kind) ? 1 : 0);
    }
    expect(cells.map(cellName)).toEqual([
      'deduction/propose',
      'deduction/solve',
      'abduction/propose',
      'abduction/solve',
      'induction/propose',
      'induction/solve',
      'explain/solve',
    ]);
  });
});

describe('explaining', () => {
  const task = exampleExplain();

  it('shows the program and the shown pairs, and nothing hidden', () => {
    const { prompt } = explain.ask(task);
    expect(prompt).toContain('...     return x * 2');
    expect(prompt).toContain('double(4) gives 8');
    expect(prompt).not.toContain('double(7)');
    expect(prompt.endsWith('What double does, in one sentence:')).toBe(true);
  });

  it.each([
    [' Gives twice the number.\n>>> ', 'delimiter', 'Gives twice the number.'],
    [' Gives twice the number.', 'end', 'Gives twice the number.'],
    [' Gives twice the num', 'length', null],
    ['\n', 'delimiter', null],
  ] as const)('reads the rest of the line: %j', (text, finish, answer) => {
    expect(explain.read(text, finish, task)).toBe(answer);
  });

  it('takes one line only', () => {
    expect(messageFault('Gives twice the number.', task)).toBe(null);
    expect(messageFault('Gives twice\nthe number.', task)).toBe('malformed');
  });
});
