import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { AuditEvent, StateReason } from '../../protocol/audit.ts';
import { RejectReason } from '../../protocol/review.ts';
import { LineReason, RecordRefusal, RoundState } from '../../protocol/trainer.ts';
import { rejectKeys } from '../../server/src/cli/review-text.ts';

const page = await readFile(path.resolve(import.meta.dirname, '../../docs/command-line.md'), 'utf8');

/** The text of one section of a page: that of the command line, unless another is given. */
function section(title: string, of = page): string {
  const [, after = ''] = of.split(`\n## ${title}\n`);
  return after.split('\n## ')[0] ?? '';
}

it('the page of the command line names every event of the log, and every reason for a state', () => {
  const cells = section('The log')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  expect(cells).toEqual(AuditEvent.options.map(({ shape }) => shape.what.value));
  for (const reason of StateReason.options) expect(section('The log')).toContain(`\`${reason}\``);
});

it('the page of the command line names the reasons to reject in the order of their keys', () => {
  expect(section('Reviewing')).toContain(
    `| \`r\`, then \`${rejectKeys.at(0)?.key}\` to \`${rejectKeys.at(-1)?.key}\` | reject: ${RejectReason.options.join(', ')} |`,
  );
});

it('the page of training names every reason for which something is not trained on', async () => {
  const training = await readFile(path.resolve(import.meta.dirname, '../../docs/training.md'), 'utf8');
  const told = section('What is not trained on', training);
  const named = [...told.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name);
  expect(named).toEqual(RecordRefusal.shape.reason.options);
  for (const reason of [...LineReason.options, ...RoundState.shape.skipped.element.options])
    expect(told).toContain(`\`${reason}\``);
});
