import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RecordsTaken, RoundState, TrainerHealth, TrainingRun } from '../../../../protocol/trainer.ts';
import { sampleGroup, sampleRun, sampleTask } from '../../../../test/support/sample-records.ts';
import { type Answer, problem, record, scriptedTrainer } from '../../../../test/support/scripted-trainer.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { type TrainingChoice, withRound } from './choose-round.ts';
import { type TrainedRound, type TrainingEvent, trainRound } from './train-round.ts';
import { trainerClient } from './trainer-client.ts';
import { newRun, notedRuns, noteRun } from './training-note.ts';

const never = new AbortController().signal;
const choice: TrainingChoice = { model: 'small', mode: 'policy-gradient', mostSeconds: null };
const digest = 'c'.repeat(64);
const step = { loss: 0.5, gradient: 1, tokens: 10, nodes: 20, ratio: 1, weight: 1, clipped: 0, seconds: 1 };

async function storeWith(...ids: string[]): Promise<Store> {
  const store = await openStore({ path: path.join(await temporaryFolder(), 'store.db') });
  onTestFinished(() => store.close());
  await store.putRun(sampleRun('run'));
  await store.putTasks([sampleTask('task')]);
  for (const id of ids) await store.commitGroup(sampleGroup(id), { stream: false });
  return store;
}

function state(run: string, round: number, changed: Partial<RoundState> = {}): RoundState {
  return {
    ...{ run, round, state: 'done', problem: null, steps: [step, step], skipped: [], refused: [] },
    weights: null,
    seconds: 2,
    ...changed,
  };
}

/** The run that the default policy gives in this store. */
async function runOf(store: Store): Promise<TrainingRun> {
  const policy = { type: 'lora', rank: 16, alpha: 32, learningRate: 2e-4 } as const;
  return (await newRun(store, { name: 'small', digest }, policy)).run;
}

/** Trains with a trainer that answers so, and well where nothing is said. */
async function trained(
  store: Store,
  answers: (run: string) => Record<string, readonly Answer[]> = () => ({}),
  changed: Partial<TrainingChoice> = {},
  signal = never,
) {
  const run = await runOf(store);
  const at = `/v1/runs/${run.id}`;
  const health = { service: 'autodidact-trainer', protocol: 1, version: '1' } as const;
  const taken: Answer = (response, { body }) =>
    record(RecordsTaken, { stored: body.split('\n').length - 1, known: 0, refused: [] })(response, {
      ...{ what: '', query: '', headers: {} },
      body,
    });
  const good: Record<string, readonly Answer[]> = {
    'GET /v1/health': [record(TrainerHealth, health)],
    'POST /v1/groups': [taken],
    [`PUT ${at}`]: [record(TrainingRun, run)],
  };
  for (const round of [1, 2]) {
    const done = record(RoundState, state(run.id, round));
    good[`PUT ${at}/rounds/${round}`] = [done];
    good[`GET ${at}/rounds/${round}`] = [done];
  }
  const { address, asked } = await scriptedTrainer({ ...good, ...answers(at) });
  const client = await trainerClient(address, {
    env: {},
    clock: { sleep: async () => undefined, random: () => 1 },
  });
  onTestFinished(() => client.close());
  const events: TrainingEvent[] = [];
  const onEvent = (event: TrainingEvent) => events.push(event);
  const result = await trainRound({ ...choice, ...changed }, { store, client, onEvent }, signal).catch(
    (error: unknown) => error,
  );
  const bodyOf = (what: string) => asked.find((one) => one.what === what)?.body;
  return { result, asked: asked.map(({ what }) => what), bodyOf, at, events };
}

/** Notes that the newest round was published under a name. */
async function publish(store: Store, name: string, published: string): Promise<void> {
  const [noted] = await notedRuns(store);
  const last = noted?.rounds.at(-1);
  if (noted === undefined || last === undefined) throw new Error('nothing was trained');
  const model = { name, digest: published, type: 'f16' } as const;
  await noteRun(store, withRound(noted, noted.rounds.length, { ...last, published: model }));
}

describe('a round of training', () => {
  it('is of all trainable groups of the model as it was played last', async () => {
    const store = await storeWith('a', 'b');
    await store.commitGroup(sampleGroup('off', { trainable: false, notTrainable: 'off-policy' }), {
      stream: false,
    });
    const { result, bodyOf, at, asked } = await trained(store);
    expect(JSON.parse(bodyOf(`PUT ${at}/rounds/1`) ?? '')).toEqual({
      ...{ mode: 'policy-gradient', records: ['a', 'b'], recordsPerStep: 8, epochs: 1, mostSeconds: null },
    });
    expect(JSON.parse(bodyOf(`PUT ${at}`) ?? '')).toMatchObject({ digest, policy: { type: 'lora' } });
    expect(asked.indexOf('POST /v1/groups')).toBeLessThan(asked.indexOf(`PUT ${at}/rounds/1`));
    expect(result).toMatchObject({ round: 1, how: 'begins', state: { state: 'done' } });
    const log = (await store.auditLog({ limit: 10 })).map(({ event }) => event);
    expect(log).toMatchObject([
      { what: 'streamed', detail: { groups: ['a', 'b'] } },
      { what: 'trained', detail: { round: 1, steps: 2, tokens: 20, digest } },
    ]);
  });

  it('goes on after an interruption, as it was asked for, whatever was played or chosen since', async () => {
    const store = await storeWith('a');
    const stop = new AbortController();
    const stopping = (at: string) => ({ [`PUT ${at}/rounds/1`]: [() => stop.abort()] });
    const first = await trained(store, stopping, {}, stop.signal);
    expect(first.result).toMatchObject({ name: 'AbortError' });
    await store.commitGroup(sampleGroup('b'), { stream: false });
    const { result, bodyOf, at } = await trained(store, undefined, { mode: 'rft', mostSeconds: 5 });
    expect(bodyOf(`PUT ${at}/rounds/1`)).toBe(first.bodyOf(`PUT ${at}/rounds/1`));
    expect(result).toMatchObject({ round: 1, how: 'goes-on' });
  });

  it('is not trained twice, and what is new waits for the weights to be published', async () => {
    const store = await storeWith('a');
    await trained(store);
    await store.commitGroup(sampleGroup('b'), { stream: false });
    const { result, asked, at } = await trained(store);
    expect(result).toMatchObject({ round: 1, how: 'trained', state: { state: 'done' } });
    expect(asked).not.toContain(`PUT ${at}/rounds/2`);
  });

  it('goes on upon the one before with right answers, published or not', async () => {
    const store = await storeWith('a');
    await trained(store, undefined, { mode: 'rft' });
    await store.commitGroup(sampleGroup('b'), { stream: false });
    const { result, bodyOf, at } = await trained(store, undefined, { mode: 'rft' });
    expect(JSON.parse(bodyOf(`PUT ${at}/rounds/2`) ?? '')).toMatchObject({ mode: 'rft', records: ['b'] });
    expect(result).toMatchObject({ round: 2, how: 'begins' });
  });

  it('goes on with what the published weights played, and not with what older ones did', async () => {
    const store = await storeWith('a');
    await trained(store);
    await publish(store, 'tuned', 'd'.repeat(64));
    expect((await trained(store)).result).toMatchObject({
      reason: 'no-groups',
      message: expect.stringContaining('--model tuned'),
    });
    const model = { name: 'tuned', digest: 'd'.repeat(64) };
    await store.putRun({ ...sampleRun('second'), model });
    await store.commitGroup(sampleGroup('b', { model, runId: 'second' }), { stream: false });
    const { result, bodyOf, at } = await trained(store, undefined, { model: 'tuned' });
    expect(JSON.parse(bodyOf(`PUT ${at}/rounds/2`) ?? '')).toMatchObject({ records: ['b'] });
    expect((result as TrainedRound).noted.base).toEqual({ name: 'small', digest });
  });

  it('without a step leaves the weights, and the next groups of the base are trained on', async () => {
    const store = await storeWith('a');
    const still = (at: string) => ({
      [`GET ${at}/rounds/1`]: [record(RoundState, state(at.split('/').at(-1) ?? '', 1, { steps: [] }))],
    });
    await trained(store, still);
    await store.commitGroup(sampleGroup('b'), { stream: false });
    expect((await trained(store)).result).toMatchObject({ round: 2, how: 'begins' });
  });

  it('that failed says why, and is asked for again by the next call', async () => {
    const store = await storeWith('a');
    const failing = (at: string) => {
      const failed = { state: 'failed', problem: { reason: 'disk-full', detail: 'Full.' } } as const;
      return { [`GET ${at}/rounds/1`]: [record(RoundState, state('run', 1, failed))] };
    };
    expect((await trained(store, failing)).result).toMatchObject({
      reason: 'round-failed',
      message: expect.stringMatching(/disk-full.*Full\. Free room/),
    });
    expect((await trained(store)).result).toMatchObject({ round: 1, how: 'goes-on' });
  });

  it('begins anew where the trainer has lost the run', async () => {
    const store = await storeWith('a');
    await trained(store);
    await store.commitGroup(sampleGroup('b'), { stream: false });
    const lost = (at: string) => {
      const done = record(RoundState, state('run', 1));
      return { [`GET ${at}/rounds/1`]: [problem(404, 'no-such-run'), done] };
    };
    const { result, bodyOf, at, events } = await trained(store, lost);
    expect(events.map(({ type }) => type)).toContain('forgotten');
    expect(JSON.parse(bodyOf(`PUT ${at}/rounds/1`) ?? '')).toMatchObject({ records: ['a', 'b'] });
    expect(result).toMatchObject({ round: 1, how: 'begins' });
  });

  it.each([
    ['nothing was played with the model', 'other'],
    ['nothing of it may be trained on', 'small'],
  ])('is refused where %s', async (_, model) => {
    const { result, asked } = await trained(await storeWith(), undefined, { model });
    expect(result).toMatchObject({ reason: 'no-groups' });
    expect(asked).toEqual(['GET /v1/health']);
  });
});

describe('the id of a run', () => {
  it('is the same for the same store, base and policy, and another one otherwise', async () => {
    const [store, other] = [await storeWith(), await storeWith()];
    const base = { name: 'small', digest };
    const policy = { type: 'full', learningRate: 1e-5 } as const;
    const id = async (...args: Parameters<typeof newRun>) => (await newRun(...args)).run.id;
    const first = await id(store, base, policy);
    expect(await id(store, base, policy)).toBe(first);
    expect(await id(other, base, policy)).not.toBe(first);
    expect(await id(store, base, { ...policy, learningRate: 2e-5 })).not.toBe(first);
    expect(await id(store, { ...base, digest: 'd'.repeat(64) }, policy)).not.toBe(first);
  });
});
