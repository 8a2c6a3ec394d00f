import { expect, it } from 'vitest';
import { examplePseudoLabel } from '../../../test/support/example-pseudo-labels.ts';
import { exampleDeduction, exampleInduction } from '../../../test/support/example-tasks.ts';
import { sampleRun } from '../../../test/support/sample-records.ts';
import { report } from '../selfplay/report.ts';
import { reportText } from './report-text.ts';

it('tells of pseudo-labels apart from the cells, by version of the model, with the interval of their accuracy', () => {
  const [asked, digest] = [examplePseudoLabel(), 'd'.repeat(64)];
  const pseudoLabels = [asked, { ...asked, label: null, noLabel: 'tie' as const }];
  const about = { store: '/s', seeds: 0, tasks: 0, unworthy: {} };
  const none = { groups: [], tasks: [], log: [] };
  const text = reportText(report(sampleRun('run'), none, { ...about, pseudoLabels }));
  expect(text).toContain(
    `m ${digest.slice(0, 12)}: 1 of 2 calls got a label (others: tie 1); labels right on verified tasks: 0 of 0`,
  );
  expect(reportText(report(sampleRun('run'), none, about))).not.toContain('Pseudo');
});

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
