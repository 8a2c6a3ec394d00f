import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rename, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import type { SolveGroup } from '../../protocol/group.ts';
import { trainCommand } from '../../server/src/cli/train.ts';
import { openStore } from '../../server/src/store/open-store.ts';
import { type StartedTrainer, startTrainer } from '../../server/src/training/trainer/start-trainer.ts';
import { type TrainerClient, trainerClient } from '../../server/src/training/trainer/trainer-client.ts';
import { runCommand } from '../support/run-command.ts';
import { sampleGroup, sampleRun, sampleTask } from '../support/sample-records.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const never = new AbortController().signal;
const trainerFolder = path.resolve(import.meta.dirname, '../../trainer');
const python = process.env['AUTODIDACT_TEST_PYTHON'] ?? '';

const Tiny = z.object({ digest: z.string(), prompt: z.string(), promptTokens: z.number() });

let tiny: z.infer<typeof Tiny>;
let trainer: StartedTrainer;
let folder: string;
// One trainer for both: it loads torch for half of the time that they take.
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'autodidact-service-'));
  const models = path.join(folder, 'models');
  const env = { ...process.env, PYTHONPATH: trainerFolder };
  const script = path.join(trainerFolder, 'tests/write_tiny_store.py');
  const { stdout } = await promisify(execFile)(python, [script, models], { env });
  tiny = Tiny.parse(JSON.parse(stdout));
  const data = path.join(folder, 'data');
  trainer = await startTrainer({ python, data, ollamaModels: models, env: process.env }, never);
});
afterAll(async () => {
  await trainer?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A right and a wrong attempt of the tiny model. */
function group(id: string, changed: Partial<SolveGroup> = {}): SolveGroup {
  const { digest, prompt, promptTokens } = tiny;
  const { samples, ...rest } = sampleGroup(id);
  const attempts = samples.slice(0, 2).map((sample, index) => {
    const pieces = index === 0 ? ['4', '\n'] : ['5', 're', 't'];
    const tokens = pieces.map((text) => ({ bytes: Buffer.from(text).toString('base64'), logprob: -1 }));
    const finish = index === 0 ? ('delimiter' as const) : ('length' as const);
    return {
      ...sample,
      text: pieces.join(''),
      tokens,
      completionTokens: tokens.length,
      finish,
      promptTokens,
    };
  });
  return { ...rest, model: { name: 'tiny', digest }, prompt, samples: attempts, ...changed };
}

async function connected({ address, env }: StartedTrainer): Promise<TrainerClient> {
  const client = await trainerClient(address, { env });
  onTestFinished(() => client.close());
  return client;
}

describe('our trainer, through its client', () => {
  it('takes groups, trains a round, and its weights come back as a file', async () => {
    const client = await connected(trainer);
    await expect(client.health(never)).resolves.toMatchObject({ protocol: 1 });
    const groups = [group('g1'), group('g2', { kind: 'abduction' })];
    await expect(client.putGroups(groups, never)).resolves.toEqual({ stored: 2, known: 0, refused: [] });
    await expect(client.putGroups(groups, never)).resolves.toMatchObject({ stored: 0, known: 2 });
    const run = {
      id: 'run',
      digest: tiny.digest,
      policy: { type: 'lora' as const, rank: 4, alpha: 8, learningRate: 1e-2 },
      randomSeed: 1,
      kl: 0,
      entropy: 0,
    };
    await expect(client.putRun(run, never)).resolves.toEqual(run);
    const request = {
      mode: 'policy-gradient' as const,
      records: ['g1', 'g2', 'gone'],
      recordsPerStep: 1,
      epochs: 2,
      mostSeconds: null,
    };
    await client.putRound('run', 1, request, never);
    const steps: number[] = [];
    const state = await client.waitForRound('run', 1, (progress) => steps.push(progress.steps), never);
    expect(state).toMatchObject({
      state: 'done',
      refused: [{ id: 'gone', sample: null, reason: 'unknown' }],
    });
    expect(state.steps.map(({ tokens }) => tokens)).toEqual([5, 5, 5, 5]);
    expect(steps.at(-1)).toBe(4);

    const place = await temporaryFolder();
    const form = { form: 'merged', type: 'f32' } as const;
    const file = await client.exportTo(place, 'run', 1, form, never);
    const content = await readFile(file.path);
    expect(content.subarray(0, 4).toString()).toBe('GGUF');
    // Half of it again, as after a break.
    const part = `${file.path}.part`;
    await rename(file.path, part);
    await truncate(part, 1_000);
    const fetched: number[] = [];
    await client.exportTo(place, 'run', 1, form, never, (done) => fetched.push(done));
    expect(await readFile(file.path)).toEqual(content);
    expect(fetched[0]).toBeGreaterThan(1_000);

    const lines = groups.map((one) => `${JSON.stringify(one)}\n`).join('');
    await expect(client.rescorer('run', 1).rescore(lines, never)).resolves.toMatchObject({ completions: 4 });
    await expect(client.putRound('run', 3, request, never)).rejects.toMatchObject({ reason: 'not-in-order' });
    await expect(client.putRun({ ...run, id: 'other', digest: 'f'.repeat(64) }, never)).rejects.toMatchObject(
      {
        reason: 'base-missing',
      },
    );
    const stranger = await connected({ ...trainer, env: { AUTODIDACT_TRAINER_TOKEN: 'x'.repeat(20) } });
    await expect(stranger.putRun(run, never)).rejects.toMatchObject({ reason: 'unauthorised' });
  });
});

describe('autodidact train', () => {
  it('trains what was played once, and says so when it is called again', async () => {
    const workspace = await temporaryFolder();
    const place = await temporaryFolder();
    const store = await openStore({ path: path.join(place, 'store.db') });
    onTestFinished(() => store.close());
    await store.putRun({ ...sampleRun('run'), model: { name: 'tiny', digest: tiny.digest } });
    await store.putTasks([sampleTask('task')]);
    await store.commitGroup(group('played'), { stream: false });
    await store.commitGroup(group('off', { trainable: false, notTrainable: 'off-policy' }), {
      stream: false,
    });
    const args = [workspace, '--store', place, '--model', 'tiny', '--trainer', trainer.address, '--json'];
    const first = await runCommand(trainCommand, args, { env: trainer.env });
    expect(first.error).toBeUndefined();
    const report = JSON.parse(first.out);
    expect(report).toMatchObject({
      round: 1,
      how: 'begins',
      groups: 1,
      steps: 1,
      tokens: 5,
      published: null,
    });
    expect((await stat(report.file)).size).toBeGreaterThan(1_000);
    const again = await runCommand(trainCommand, args, { env: trainer.env });
    expect(JSON.parse(again.out)).toMatchObject({ round: 1, how: 'trained', steps: 1, file: report.file });
    expect(again.err).toContain('nothing new to train on');
    const events = (await store.auditLog({ limit: 100 })).map(({ event }) => event);
    expect(events).toMatchObject([
      { what: 'streamed', detail: { target: `${trainer.address}/`, groups: ['played'] } },
      { what: 'trained', detail: { run: report.run, round: 1, steps: 1, tokens: 5 } },
    ]);
  });
});
