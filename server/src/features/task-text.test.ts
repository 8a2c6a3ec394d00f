import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  exampleAbduction,
  exampleDeduction,
  exampleExplain,
  exampleInduction,
} from '../../../test/support/example-tasks.ts';
import { taskText } from './task-text.ts';

const asked = { right: 3, attempts: 8 };

describe('taskText', () => {
  it('shows a deduction without its output', () => {
    const text = taskText(exampleDeduction({ output: "'the gold'" }), asked);
    expect(text).toBe(`Deduction: what does this call return?

function  double
from      pkg/maths.py:3 at cccccccccc
origin    mined from the workspace
checked   pyodide 314.0.7, Python 3.14.0
state     open
model     right 3 of 8 (14–69 %)

## Program
\`\`\`python
def double(x):
    return x * 2
\`\`\`

## Question
What does this call return?
\`\`\`python
double(21)
\`\`\`

## Answer
\`\`\`python

\`\`\`
`);
  });

  it('shows an abduction without its call', () => {
    const text = taskText(exampleAbduction({ call: "('the gold',)" }), { right: 0, attempts: 0 });
    expect(text).not.toContain('the gold');
    expect(text).toContain('double(…)');
    expect(text).toContain('```python\n42\n```');
    expect(text).toContain('not asked yet');
  });

  it('says of a task that is held out that nothing is learnt from it', () => {
    const text = taskText(exampleDeduction({ split: 'gate' }), asked);
    expect(text).toContain('\nsplit     held out (gate): nothing is learnt from it\n');
    expect(taskText(exampleDeduction({ split: 'train' }), asked)).not.toContain('held out');
  });

  it('shows an explanation with its program and without its hidden pairs, and takes a text', () => {
    const text = taskText(exampleExplain(), asked);
    expect(text.startsWith('Explain: what does this function do?\n')).toBe(true);
    expect(text).toContain('return x * 2');
    expect(text).toContain('double(4) == 8');
    expect(text).not.toContain('double(7');
    expect(text.endsWith('## Answer\n```text\n\n```\n')).toBe(true);
  });

  it('shows an induction without its program and its hidden pairs', () => {
    const text = taskText(exampleInduction({ program: 'def double(x):\n    return x + x\n' }), asked);
    expect(text).toContain('Gives twice the number.');
    expect(text).toContain('double(4) == 8');
    expect(text).not.toContain('x + x');
    expect(text).not.toContain('double(7');
  });

  it('lets no text of a task end its fence or stand outside of one', () => {
    const hostile = fc.string({ unit: fc.constantFrom('`', '#', ' ', '\n', 'Answer', '\u202e', 'python') });
    fc.assert(
      fc.property(hostile, hostile, (program, message) => {
        const deduction = taskText(exampleDeduction({ program }), asked);
        const induction = taskText(exampleInduction({ message }), asked);
        expect(outsideOfFences(deduction)).toEqual(outsideOfFences(taskText(exampleDeduction(), asked)));
        expect(outsideOfFences(induction)).toEqual(outsideOfFences(taskText(exampleInduction(), asked)));
      }),
    );
  });
});

/** The lines that no fence holds, read as the grammar reads them. */
function outsideOfFences(text: string): string[] {
  const outside: string[] = [];
  let fence: string | undefined;
  for (const line of text.split('\n')) {
    if (fence !== undefined) {
      if (line.trimEnd() === fence) fence = undefined;
    } else {
      fence = /^(`{3,})(python|text)\s*$/.exec(line)?.[1];
      if (fence === undefined) outside.push(line);
    }
  }
  return outside;
}
