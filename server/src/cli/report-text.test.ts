import { expect, it } from 'vitest';
import { exampleDeduction, exampleInduction } from '../../../test/support/example-tasks.ts';
import { sampleRun } from '../../../test/support/sample-records.ts';
import { report } from '../selfplay/report.ts';
import { reportText } from './report-text.ts';

it('shows what a terminal would obey in stored text, and the interval of each solve rate', () => {
  const hostile = '\u001b[2J\u202e\u0007';
  const examples = [
    exampleDeduction(
      { program: hostile, entry: hostile, call: hostile, output: hostile },
      { symbol: hostile },
    ),
    exampleInduction({ program: hostile, message: hostile, shown: [[hostile, hostile]] }),
  ].map((task) => ({ task, attempts: 8, right: 0, got: [hostile] }));
  const run = { ...sampleRun('run'), folder: hostile, model: { name: hostile, digest: '' } };
  const records = { groups: [], tasks: [], log: [] };
  const about = { store: '/s', seeds: 0, tasks: 0, unworthy: {} };
  const text = reportText({ ...report(run, records, about), examples });
  expect(text).toContain('the model was right 0 of 8 (0–32 %)');
  expect(text).toContain('‹U+001B›[2J‹U+202E›‹U+0007›');
  // Bold, dim and their ends are our own.
  const told = [1, 2, 22].reduce((rest, code) => rest.replaceAll(`\u001b[${code}m`, ''), text);
  expect(told.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});
