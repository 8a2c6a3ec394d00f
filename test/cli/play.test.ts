import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Group } from '../../protocol/group.ts';
import { gain } from '../../protocol/judge.ts';
import { cellName, cells } from '../../protocol/kind.ts';
import { Report } from '../../protocol/report.ts';
import { Seed } from '../../protocol/seed.ts';
import type { Task } from '../../protocol/task.ts';
import { HeldOut } from '../../server/src/mining/splits/held-out.ts';
import { hasConsent } from '../../server/src/store/consent.ts';
import { openStore } from '../../server/src/store/open-store.ts';
import type { Store } from '../../server/src/store/store.ts';
import { autodidact, type Ended, ended, records, startAutodidact } from './run-autodidact.ts';

/** A real package with doctests, unpacked from PyPI by the set-up of these tests. */
const packageFolder = process.env['AUTODIDACT_TEST_PACKAGE'] ?? '';
const model = 'smollm2:135m';

/** Of what people wrote calls for: the smallest model has a chance at some of it, and no call has to be made up. */
const sources = ['--sources', 'doctest,test,code'];

/** How long a group may take to be recorded on a slow machine. */
const patient = { timeout: 200_000, interval: 200 } as const;

async function count(store: Store): Promise<number> {
  return (await store.groups()).length;
}

describe('the main job with the real model on a real package', () => {
  let data = '';
  let folder = '';
  let storeFolder = '';
  let stream = '';
  let played: Ended;
  let report: Report;
  let groups: Group[] = [];
  let tasks: Task[] = [];
  let consent = false;

  beforeAll(async () => {
    data = await mkdtemp(path.join(os.tmpdir(), 'autodidact-play-'));
    folder = path.join(data, 'workspace');
    storeFolder = path.join(data, 'records');
    stream = path.join(data, 'groups.ndjson');
    await cp(packageFolder, folder, { recursive: true });
    const json = path.join(data, 'report.json');
    const args = ['play', folder, '--minutes', '10', '--tasks', '16', '--random-seed', '7', '--model', model];
    played = await autodidact(
      [...args, ...sources, '--store', storeFolder, '--json', json, '--stream', stream],
      data,
    );
    report = Report.parse(JSON.parse(await readFile(json, 'utf8')));
    const store = await openStore({ path: report.store });
    groups = await store.groups({ runId: report.runId });
    tasks = await store.tasks();
    consent = await hasConsent(store);
    await store.close();
  }, 900_000);
  afterAll(() => rm(data, { recursive: true, force: true }));

  it('ends well and tells what it did', () => {
    expect(played.code, played.stderr).toBe(0);
    expect(played.stdout).toContain('deduction solve');
    expect(report.seeds).toBeGreaterThan(10);
  });

  it('counts naming the folder as consent, so that the editor may play it too', () => {
    expect(consent).toBe(true);
  });

  it('plays all cells', () => {
    expect(report.cells.map(cellName)).toEqual(cells.map(cellName));
    for (const cell of report.cells) expect(cell.asked, cellName(cell)).toBeGreaterThanOrEqual(8);
  });

  it('shows the model nothing that is held out, nor anything nearly the same', async () => {
    const { signal } = new AbortController();
    expect(new Set(tasks.map(({ split }) => split))).toEqual(new Set(['train', 'gate', 'test']));
    const splits = new Map(tasks.map(({ id, split }) => [id, split]));
    const heldOut = await HeldOut.of(tasks, signal);
    const held = tasks.find(({ split }) => split !== 'train');
    expect(await heldOut.isIn(held?.program ?? '', signal)).toBe(true);
    for (const group of groups) {
      if (group.role === 'solve') expect(splits.get(group.taskId)).toBe('train');
      // A prompt is a Python session: without its marks, its programs can be read.
      const code = group.prompt.replaceAll(/^(>>>|\.\.\.) ?/gm, '');
      expect(await heldOut.isIn(code, signal), group.prompt).toBe(false);
    }
  });

  it('records the exact prompts, tokens with log-probabilities, verdicts and rewards with their parts', () => {
    expect(groups.length).toBeGreaterThanOrEqual(6);
    for (const group of groups) {
      expect(group.model.digest).toMatch(/^[0-9a-f]{64}$/);
      expect(group.prompt.length).toBeGreaterThan(100);
      expect(group.samples).toHaveLength(8);
      for (const sample of group.samples) {
        const bytes = Buffer.concat(
          sample.tokens.map((token) => Buffer.from(token.bytes, 'base64')),
        ).toString();
        if (sample.trainable)
          expect(bytes.startsWith(sample.text) || sample.text.startsWith(bytes)).toBe(true);
        expect(sample.tokens.every(({ logprob }) => logprob <= 0)).toBe(true);
        expect(Object.keys(sample.reward.parts).length).toBeGreaterThan(0);
      }
      expect(new Set(group.samples.map(({ randomSeed }) => randomSeed)).size).toBe(8);
    }
  });

  it('pays what the verdicts say, recomputed from the records', () => {
    for (const group of groups) {
      for (const { verdict, reward } of group.samples) {
        if (verdict.verdict === 'gained') expect(reward.total).toBe(gain(verdict));
        // A message that is refused pays minus what is rebuilt without any.
        else if (group.kind === 'explain') expect(reward.total).toBeLessThanOrEqual(0);
        else if (group.role === 'solve') expect(reward.total).toBe(verdict.verdict === 'right' ? 1 : 0);
        else if (verdict.verdict !== 'valid') expect(reward.total).toBe(0);
        else expect(reward.total).toBeGreaterThan(0);
      }
    }
  });

  it('streams each group once', async () => {
    const streamed = records(await readFile(stream, 'utf8')).map((record) => Group.parse(record));
    expect(streamed.map(({ id }) => id).sort()).toEqual(groups.map(({ id }) => id).sort());
  });

  it('loses no acknowledged group when it is killed, and goes on with the same run', async () => {
    const args = ['play', folder, '--minutes', '0.5', '--model', model, '--store', storeFolder, ...sources];
    const child = startAutodidact(args, data);
    const printed = ended(child);
    const store = await openStore({ path: report.store });
    const before = (await store.groups()).length;
    await expect.poll(() => count(store), patient).toBeGreaterThanOrEqual(before + 2);
    child.kill('SIGKILL');
    await printed;
    const kept = await store.groups();
    const run = (await store.runs()).at(-1);
    await store.close();
    const resumed = await autodidact([...args, '--resume'], data);
    expect(resumed.code, resumed.stderr).toBe(0);
    const after = await openStore({ path: report.store });
    const groupIds = new Set((await after.groups()).map(({ id }) => id));
    expect(kept.every(({ id }) => groupIds.has(id))).toBe(true);
    expect((await after.runs()).at(-1)).toMatchObject({ id: run?.id, state: 'done' });
    await after.close();
  }, 300_000);

  it('stops within a second on Ctrl-C, keeps what is done and says how to go on', async () => {
    const args = ['play', folder, '--model', model, '--store', storeFolder, ...sources];
    const child = startAutodidact(args, data);
    const printed = ended(child);
    const store = await openStore({ path: report.store });
    const before = (await store.groups()).length;
    await expect.poll(() => count(store), patient).toBeGreaterThanOrEqual(before + 1);
    await store.close();
    const asked = performance.now();
    child.kill('SIGINT');
    const { code, stderr } = await printed;
    expect(performance.now() - asked).toBeLessThan(1_000);
    expect(code).toBe(130);
    expect(stderr).toContain('--resume');
  }, 300_000);

  it('pipes mine into solve into judge', async () => {
    const mined = await autodidact(['mine', folder, '--ndjson', '--sources', 'doctest'], data);
    const seeds = records(mined.stdout)
      .map((record) => Seed.parse(record))
      .slice(0, 6);
    const lines = seeds.map((seed) => JSON.stringify(seed)).join('\n');
    const solved = await autodidact(['solve', '--kind', 'deduction', '--model', model], data, lines);
    const judged = await autodidact(['judge'], data, solved.stdout);
    const results = records(judged.stdout);
    expect(results.map(({ id }) => id)).toEqual(seeds.map(({ id }) => id));
    for (const { verdict } of results) expect(['right', 'wrong']).toContain(verdict);
  }, 300_000);
});

describe('what is missing', () => {
  let data = '';
  beforeAll(async () => {
    data = await mkdtemp(path.join(os.tmpdir(), 'autodidact-missing-'));
  });
  afterAll(() => rm(data, { recursive: true, force: true }));

  it('is named: a folder that is not there', async () => {
    const { code, stderr } = await autodidact(['play', path.join(data, 'nowhere')], data);
    expect(code).toBe(3);
    expect(stderr).toContain('nowhere');
  });

  it('is named: a folder without Python', async () => {
    await writeFile(path.join(data, 'readme.txt'), 'no code here');
    const { code, stderr } = await autodidact(['play', data, '--model', model], data);
    expect(code).toBe(3);
    expect(stderr).toContain('no Python files');
  }, 60_000);

  it('is named before anything is played: a place for the report', async () => {
    const json = path.join(data, 'nowhere', 'report.json');
    const { code, stderr } = await autodidact(['play', data, '--json', json], data);
    expect(code).toBe(3);
    expect(stderr).toContain('cannot be written');
  });

  it('is told from wrong usage', async () => {
    expect((await autodidact(['play', '.', '--minutes', 'soon'], data)).code).toBe(2);
    expect((await autodidact(['plya'], data)).code).toBe(2);
    expect((await autodidact(['--help'], data)).code).toBe(0);
  });
});
