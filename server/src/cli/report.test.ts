import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { Report } from '../../../protocol/report.ts';
import { openedStore } from '../../../test/support/opened-store.ts';
import { runCommand } from '../../../test/support/run-command.ts';
import { sampleGroup, sampleRun, sampleTask } from '../../../test/support/sample-records.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { Store } from '../store/store.ts';
import { CliError } from './context.ts';
import { reportCommand } from './report.ts';

async function heldOut(store: Store, evaluation: number, right: number): Promise<void> {
  for (let task = 0; task < 8; task += 1) {
    const verdict =
      task < right ? ({ verdict: 'right' } as const) : ({ verdict: 'wrong', reason: 'different' } as const);
    const counts = { evaluation, of: 8, modelMs: 1, solved: 0 };
    const detail = { runId: 'run', task: `${task}`, kind: 'deduction', verdict, ...counts } as const;
    await store.audit({ what: 'held-out', detail });
  }
}

it('prints a run again from its records alone, those of tasks that are retired by now included', async () => {
  const { store, args } = await openedStore();
  await store.putTasks([sampleTask('task')]);
  await store.commitGroup(sampleGroup('g'), { stream: false });
  await store.setTaskState(['task'], 'retired', 'evicted');
  await heldOut(store, 0, 2);
  await heldOut(store, 1, 5);
  const { error, out } = await runCommand(reportCommand, args);
  expect(error).toBeUndefined();
  const text = stripVTControlCharacters(out);
  expect(text).toContain('Run run of 2026-01-02T03:04:05.678Z: running');
  expect(text).toMatch(/deduction solve.*8 of 8 \(68–100 %\).*1 of 8 \(2–47 %\).*1 of 8/);
  expect(text).toContain(
    'held out (gate): 2 of 8 (7–59 %) right at the start → 5 of 8 (31–86 %) right now, asked 2 times.',
  );
  expect(text).not.toContain('Over time');
});

it('tells each cell over time, findings and canaries', async () => {
  const { store, args } = await openedStore();
  await store.commitGroup(sampleGroup('g'), { tasks: [sampleTask('task')], stream: false });
  const detail = { runId: 'run', monitor: 'too-hard', action: 'prefer-easier', kind: 'deduction' };
  await store.audit({ what: 'monitor', detail });
  await store.audit({ what: 'monitor', detail: { ...detail, detail: 'None \u001b[2J is right.' } });
  const file = path.join(await temporaryFolder(), 'report.json');
  const { out } = await runCommand(reportCommand, [...args, '--over-time', '--json', file]);
  const [, overTime = ''] = stripVTControlCharacters(out).split('Over time');
  expect(overTime).toMatch(/deduction solve *│ *0\.0–/);
  expect(overTime).toContain('1 of 8 (2–47 %)');
  expect(overTime).toContain(
    'too-hard (deduction): 2 times, the last: prefer-easier. None ‹U+001B›[2J is right.',
  );
  const report = Report.parse(JSON.parse(await readFile(file, 'utf8')));
  expect(report.spans.flatMap(({ findings }) => findings)).toMatchObject(
    Array(2).fill({ monitor: 'too-hard' }),
  );
});

it('takes the newest run, or the one that is named, and says which there are', async () => {
  const { store, args } = await openedStore();
  for (const id of ['abc1', 'abc2'])
    await store.putRun({ ...sampleRun(id), model: { name: id, digest: 'd' } });
  const told = async (...more: string[]) => await runCommand(reportCommand, [...args, ...more]);
  expect((await told()).out).toContain('with abc2');
  expect((await told('--run', 'abc1')).out).toContain('with abc1');
  expect((await told('--run', 'r')).out).toContain('with small');
  const [several, none] = [(await told('--run', 'abc')).error, (await told('--run', 'x')).error];
  for (const error of [several, none]) expect(error).toBeInstanceOf(CliError);
  expect(several).toMatchObject({ reason: 'usage', message: expect.stringContaining('abc1') });
  expect(none).toMatchObject({ reason: 'missing', message: expect.stringContaining('abc2') });
});

it('says so where nothing was played, and what to do', async () => {
  const [folder, storeFolder] = [await temporaryFolder(), await temporaryFolder()];
  const { error } = await runCommand(reportCommand, [folder, '--store', storeFolder]);
  expect(error).toMatchObject({
    reason: 'missing',
    message: expect.stringContaining('autodidact play FOLDER'),
  });
});
