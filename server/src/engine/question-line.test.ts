import { expect, it } from 'vitest';
import {
  exampleAbduction,
  exampleDeduction,
  exampleExplain,
  exampleInduction,
} from '../../../test/support/example-tasks.ts';
import { questionLine } from './question-line.ts';

it('asks on one line, without the answer', () => {
  expect(questionLine(exampleDeduction())).toBe('double(21) → ?');
  expect(questionLine(exampleAbduction({ call: '(20.5,)' }))).toBe('double(?) → 42');
  expect(questionLine(exampleInduction())).toBe('Gives twice the number.');
  expect(questionLine(exampleExplain())).toBe('What does double do?');
});

it('is short and has nothing hidden in it, however long or hostile the task', () => {
  const line = questionLine(exampleInduction({ message: `\u202e${'very '.repeat(100)}long\nand more` }));
  expect(line.startsWith('‹U+202E›very')).toBe(true);
  expect(line.length).toBeLessThanOrEqual(120);
});
