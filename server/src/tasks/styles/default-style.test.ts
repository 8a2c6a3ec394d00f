import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Pair } from '../../../../protocol/task.ts';
import {
  exampleAbduction,
  exampleDeduction,
  exampleExplain,
  exampleInduction,
} from '../../../../test/support/example-tasks.ts';
import { kindSpec } from '../kinds.ts';
import { easierForm } from '../proposals/easier-form.ts';

const print = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

const references = ['double', 'triple', 'half'].map((entry) => ({
  program: `import math\n\ndef ${entry}(x):\n    y = x * 2\n\n    return y\n`,
  entry,
  pairs: [
    ['(1,)', '2'],
    ["('a',)", "'aa'"],
  ] as Pair[],
}));

/** Prints of the prompts as they were before there were styles. What models were measured with and trained on stays as it was. */
describe('the prompts of a model that was not calibrated', () => {
  it.each([
    [exampleDeduction(), '02390c6a369d18c1'],
    [exampleAbduction(), '55ac45fb3f885dfc'],
    [exampleInduction(), '0d46d5abe1e8c060'],
    [exampleExplain(), 'c7e47d5548d23b80'],
  ])('are what they were: $kind', (task, was) => {
    expect(print(kindSpec(task.kind).ask(task).prompt)).toBe(was);
  });

  it.each([
    ['deduction', 'call', '7c91b156ab5d98b5'],
    ['deduction', 'variant', '31a3892b9e7ab728'],
    ['deduction', 'composition', '0fb15ec126d776c2'],
    ['deduction', 'program', '66e604545119a14c'],
    ['induction', 'message', '60bce57841c0c91f'],
  ] as const)('are what they were: proposing %s by %s', (kind, name, was) => {
    const form = kindSpec(kind).forms.find((each) => each.name === name);
    expect(print(form?.ask(references.slice(0, form.references)).prompt ?? '')).toBe(was);
  });

  it('are what they were: an easier variant', () => {
    expect(print(easierForm.ask(references.slice(0, 1)).prompt)).toBe('c0be4aa6ff9606c7');
  });
});
