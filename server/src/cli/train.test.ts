import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  Exported,
  ExportRequest,
  Published,
  RecordsTaken,
  Rescored,
  RoundState,
  TrainerHealth,
  TrainingRun,
} from '../../../protocol/trainer.ts';
import { startFakeOllama } from '../../../test/fake-ollama/fake-ollama.ts';
import { runCommand } from '../../../test/support/run-command.ts';
import { sampleGroup, sampleRun, sampleTask } from '../../../test/support/sample-records.ts';
import { type Answer, record, said, scriptedTrainer } from '../../../test/support/scripted-trainer.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { ollamaEndpoint } from '../model/ollama.ts';
import { openStore } from '../store/open-store.ts';
import { notedRuns } from '../training/trainer/training-note.ts';
import { trainCommand } from './train.ts';

const never = new AbortController().signal;
const digest = 'c'.repeat(64);
const step = { loss: 0.5, gradient: 1, tokens: 10, nodes: 20, ratio: 1, weight: 1, clipped: 0, seconds: 1 };
const content = 'GGUF of the tuned weights';
const sha256 = createHash('sha256').update(content).digest('hex');
const good: Rescored = {
  ...{ completions: 64, tokens: 500, mean: 0.01, p99: 0.1, tokenShare: 0.999, completionShare: 0.99 },
  breaches: [],
};
const far: Rescored = { ...good, mean: 0.4, breaches: ['mean'] };

/** Gives back what it was put, as a trainer does. */
const echo: Answer = (response, asked) => {
  const body = JSON.parse(asked.body);
  const schema = asked.what.endsWith('/published') ? Published : TrainingRun;
  record(schema, schema.parse(body))(response, asked);
};

/** A folder in which one group was played, and how it is trained with a trainer that answers so. */
async function played(tuned: Rescored, state: Partial<RoundState> = {}) {
  const place = await temporaryFolder();
  const store = await openStore({ path: path.join(place, 'store.db') });
  onTestFinished(() => store.close());
  const named = { name: 'small:latest', digest };
  await store.putRun({ ...sampleRun('run'), model: named });
  await store.putTasks([sampleTask('task')]);
  await store.commitGroup(sampleGroup('g1', { model: named }), { stream: false });
  const done: RoundState = {
    ...{ run: 'run', round: 1, state: 'done', problem: null, steps: [step], skipped: ['nothing-to-learn'] },
    refused: [{ id: 'g1', sample: 1, reason: 'text-differs' }],
    weights: null,
    seconds: 2,
    ...state,
  };
  const exported: Answer = (response, asked) => {
    const form = ExportRequest.parse(JSON.parse(asked.body));
    const told = { ...form, run: 'run', round: 1, sha256, bytes: content.length, seconds: 1 };
    record(Exported, told)(response, asked);
  };
  const health = { service: 'autodidact-trainer', protocol: 1, version: '1' } as const;
  const { address, asked } = await scriptedTrainer({
    'GET /v1/health': [record(TrainerHealth, health)],
    'POST /v1/groups': [record(RecordsTaken, { stored: 1, known: 0, refused: [] })],
    'PUT /v1/runs/*': [echo],
    'PUT /v1/runs/*/rounds/1': [record(RoundState, done)],
    'GET /v1/runs/*/rounds/1': [record(RoundState, done)],
    'PUT /v1/runs/*/rounds/1/export': [exported],
    'GET /v1/runs/*/rounds/1/export': [said(200, content)],
    'PUT /v1/runs/*/rounds/1/published': [echo],
    'POST /v1/runs/*/rounds/1/rescore': [record(Rescored, tuned)],
    'POST /v1/runs/*/rounds/0/rescore': [record(Rescored, far)],
  });
  const model = { name: 'small:latest', digest, quantization: 'Q4_1' };
  const ollama = await startFakeOllama({ models: [model], complete: () => 'all right' });
  onTestFinished(() => ollama.close());
  const env = { OLLAMA_HOST: ollama.host, AUTODIDACT_CACHE: await temporaryFolder() };
  const workspace = await temporaryFolder();
  const trainHere = (...args: string[]) =>
    runCommand(trainCommand, [workspace, '--store', place, '--model', 'small', ...args], { env });
  const train = (...args: string[]) => trainHere('--trainer', address, ...args);
  const models = async () =>
    (await ollamaEndpoint({ host: ollama.host }).models(never)).map(({ name }) => name);
  const events = async () => (await store.auditLog({ limit: 50 })).map(({ event }) => event);
  return { train, trainHere, store, asked, models, events, place };
}

describe('train', () => {
  it('tells what was learnt, what was left out and why, and where the weights are', async () => {
    const { train, place, events } = await played(good);
    const { error, out, err } = await train();
    expect(error).toBeUndefined();
    expect(err).toMatch(/Groups go to the trainer at http:.*\nRound 1 of run \w+ begins: 1 group\./);
    expect(out.split('\n')).toEqual([
      'Round 1, 1 group: 1 step, 10 tokens trained in 2.0 s; loss 0.5000 at the first, 0.5000 at the last.',
      'Not trained on: 1 text-differs (docs/training.md).',
      'Steps not taken: 1 nothing-to-learn.',
      `The weights are in ${path.join(place, 'exports', `${sha256}.gguf`)}; --publish makes them a model in Ollama.`,
      '',
    ]);
    expect((await events()).map(({ what }) => what)).toEqual(['streamed', 'trained']);
  });

  it('publishes what is as it was trained, and says how near it is', async () => {
    const { train, store, models, events } = await played(good);
    const { error, out } = await train('--publish', '--json');
    expect(error).toBeUndefined();
    const { published } = JSON.parse(out);
    expect(published).toMatchObject({
      ...{ name: expect.stringMatching(/^autodidact-small:/), form: 'merged f16' },
      ...{ mean: 0.01, p99: 0.1, tokenShare: 0.999, baseMean: 0.4 },
    });
    expect(await models()).toContain(published.name);
    expect((await events()).at(-1)).toMatchObject({ what: 'published', detail: { outcome: 'good' } });
    const [noted] = await notedRuns(store);
    expect(noted?.rounds[0]?.published).toEqual({
      ...{ name: published.name, digest: published.digest, type: 'f16' },
    });
  });

  it('ends with what is broken, deletes it, and publishes the same round when it is called again', async () => {
    const { train, store, models, events } = await played(far);
    const first = await train('--publish');
    expect(first.error).toMatchObject({
      reason: 'failed',
      message: expect.stringMatching(/^broken: .*mean 0\.400.*deleted again/),
    });
    expect(await models()).toEqual(['small:latest']);
    expect((await events()).at(-1)).toMatchObject({ what: 'published', detail: { outcome: 'broken' } });
    expect((await notedRuns(store))[0]?.rounds[0]).toMatchObject({ state: 'trained', published: null });
    const second = await train('--publish');
    expect(second.err).toContain('Round 1 is trained, and there is nothing new to train on.');
    expect(second.error).toMatchObject({ message: expect.stringMatching(/^broken/) });
  });

  it('says so where nothing was learnt, and makes no model of it', async () => {
    const { train, models } = await played(good, { steps: [] });
    const { out } = await train('--publish');
    expect(out).toContain('Nothing was learnt: no step was taken');
    expect(await models()).toEqual(['small:latest']);
  });

  it.each([
    [['--full'], { type: 'full', learningRate: 2e-5 }],
    [['--learning-rate', '1e-3'], { type: 'lora', rank: 16, alpha: 32, learningRate: 1e-3 }],
    [[], { type: 'lora', rank: 16, alpha: 32, learningRate: 2e-4 }],
  ])('with %j trains such a policy', async (args, policy) => {
    const { train, asked } = await played(good);
    await train(...args, '--mode', 'rft', '--minutes', '2');
    const bodyOf = (what: RegExp) => JSON.parse(asked.find((one) => what.test(one.what))?.body ?? '');
    expect(bodyOf(/^PUT \/v1\/runs\/\w+$/)).toMatchObject({ policy });
    expect(bodyOf(/^PUT .*\/rounds\/1$/)).toMatchObject({ mode: 'rft', mostSeconds: 120 });
  });

  it.each([
    [['--learning-rate', '2'], 'commander.invalidArgument'],
    [['--mode', 'sft'], 'commander.invalidArgument'],
  ])('refuses %j', async (args, code) => {
    const { train, asked } = await played(good);
    expect((await train(...args)).error).toMatchObject({ code });
    expect(asked).toEqual([]);
  });

  it('says what is missing where the model was not played', async () => {
    const { train } = await played(good);
    expect((await train('--model', 'other')).error).toMatchObject({ reason: 'missing' });
  });
});

describe.skipIf(process.platform === 'win32')('a trainer of ours', () => {
  it.each([
    ['cannot be started', `console.error('No module named fastapi'); process.exit(1);`, /fastapi/],
    [
      'ends while it is needed',
      `require('node:http').createServer(() => { console.error('Out of memory'); process.exit(3); })
        .listen(0, '127.0.0.1', function () {
          console.log(JSON.stringify({ service: 'autodidact-trainer', host: '127.0.0.1', port: this.address().port }));
        });`,
      /^The trainer ended:\nOut of memory\n\(ended: 3\)/,
    ],
  ])('that %s is told with its last words', async (_, program, message) => {
    const python = path.join(await temporaryFolder(), 'python');
    await writeFile(python, `#!${process.execPath}\n${program}\n`, { mode: 0o755 });
    const { trainHere } = await played(good);
    const { error } = await trainHere('--trainer-python', python);
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
  });

  it('is not started while the folder is being played', async () => {
    const { trainHere, store } = await played(good);
    await store.takeLease({ takeOver: false });
    const { error } = await trainHere();
    expect(error).toMatchObject({ reason: 'failed', message: expect.stringContaining('Pause it first') });
  });

  it('is missed where its Python was never set up', async () => {
    const { trainHere } = await played(good);
    expect((await trainHere()).error).toMatchObject({
      reason: 'missing',
      message: expect.stringContaining('--trainer-python'),
    });
  });
});
