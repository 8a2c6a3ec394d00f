import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  Exported,
  RecordsTaken,
  Rescored,
  RoundState,
  TrainerErrorReason,
  TrainerEvent,
  TrainerHealth,
  TrainingRun,
} from '../../../../protocol/trainer.ts';
import { sampleGroup } from '../../../../test/support/sample-records.ts';
import {
  type Answer,
  breakOff,
  hangUp,
  problem,
  record,
  said,
  scriptedTrainer,
  silence,
} from '../../../../test/support/scripted-trainer.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import type { RoundProgress } from './follow-round.ts';
import { type TrainerClient, type TrainerClientOptions, trainerClient } from './trainer-client.ts';

const never = new AbortController().signal;
/** Waits are over at once. */
const clock = { sleep: async () => undefined, random: () => 1 };
const env = { AUTODIDACT_TRAINER_TOKEN: 'secret' };

async function client(address: string, changed: Partial<TrainerClientOptions> = {}): Promise<TrainerClient> {
  const made = await trainerClient(address, { env, clock, ...changed });
  onTestFinished(() => made.close());
  return made;
}

const health = (protocol: number) =>
  record(TrainerHealth, { service: 'autodidact-trainer', protocol, version: '1.2.3' });

describe('the health of a trainer', () => {
  it('is asked with the token', async () => {
    const { address, asked } = await scriptedTrainer({ 'GET /v1/health': [health(1)] });
    await expect((await client(address)).health(never)).resolves.toMatchObject({ version: '1.2.3' });
    expect(asked[0]?.headers.authorization).toBe('Bearer secret');
  });

  it.each<[string, Answer, string]>([
    ['a trainer of another protocol', health(2), 'other-protocol'],
    ['something else that speaks JSON', said(200, '{"status":"ok"}'), 'not-a-trainer'],
    ['a web page', said(200, '<html>Sign in</html>'), 'not-a-trainer'],
    ['a server without such a page', said(404, 'Not found'), 'not-a-trainer'],
    ['a server that sends elsewhere', said(302, ''), 'not-a-trainer'],
  ])('tells of %s', async (_, answer, reason) => {
    const { address } = await scriptedTrainer({ 'GET /v1/health': [answer] });
    await expect((await client(address)).health(never)).rejects.toMatchObject({ reason });
  });

  it('is unreachable where nobody listens', async () => {
    await expect((await client('http://127.0.0.1:1')).health(never)).rejects.toMatchObject({
      reason: 'unreachable',
    });
  });
});

describe('an address', () => {
  it.each([
    ['nonsense', 'bad-address'],
    ['file:///etc/passwd', 'bad-address'],
    ['http://somebody:secret@127.0.0.1:1', 'bad-address'],
    ['http://trainer.invalid', 'token'],
  ])('%s is refused before anything is sent: %s', async (address, reason) => {
    await expect(trainerClient(address, { env })).rejects.toMatchObject({ reason });
  });
});

const run: TrainingRun = {
  id: 'run',
  digest: 'c'.repeat(64),
  policy: { type: 'lora', rank: 4, alpha: 8, learningRate: 1e-4 },
  randomSeed: 1,
  kl: 0,
  entropy: 0,
};

describe('a problem of the trainer', () => {
  it.each(TrainerErrorReason.options)('%s comes through, with what to do', async (reason) => {
    const { address } = await scriptedTrainer({
      'PUT /v1/runs/run': [problem(409, reason, 'It is\u0000 so')],
    });
    const failed = (await client(address)).putRun(run, never);
    await expect(failed).rejects.toMatchObject({
      reason,
      message: expect.stringMatching(/^127\.0\.0\.1:\d+: It is so\. [A-Z][^.].*\.$/),
    });
  });

  it.each<[string, Answer]>([
    ['hangs up', hangUp],
    ['is busy', problem(409, 'busy')],
    ['is being replaced', said(503, '')],
  ])('is waited out where the trainer %s', async (_, fault) => {
    const { address, asked } = await scriptedTrainer({
      'PUT /v1/runs/run': [fault, fault, record(TrainingRun, run)],
    });
    await expect((await client(address)).putRun(run, never)).resolves.toEqual(run);
    expect(asked).toHaveLength(3);
    expect(TrainingRun.parse(JSON.parse(asked[0]?.body ?? ''))).toEqual(run);
  });

  it('is not waited out for ever, nor where it will not pass', async () => {
    const busy = await scriptedTrainer({ 'PUT /v1/runs/run': [problem(409, 'busy')] });
    await expect((await client(busy.address)).putRun(run, never)).rejects.toMatchObject({ reason: 'busy' });
    expect(busy.asked).toHaveLength(6);
    const other = await scriptedTrainer({ 'PUT /v1/runs/run': [problem(409, 'differs')] });
    await expect((await client(other.address)).putRun(run, never)).rejects.toMatchObject({
      reason: 'differs',
    });
    expect(other.asked).toHaveLength(1);
  });

  it('an answer that never comes ends with the signal', async () => {
    const { address } = await scriptedTrainer({ 'PUT /v1/runs/run': [silence] });
    const asking = (await client(address)).putRun(run, AbortSignal.timeout(50));
    await expect(asking).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('groups', () => {
  it('go out in bodies of bounded size, each told of once it is taken', async () => {
    const groups = Array.from({ length: 20 }, (_, index) => sampleGroup(`g${index}`));
    const first: RecordsTaken = {
      stored: 14,
      known: 1,
      refused: [{ line: 2, id: null, reason: 'malformed', detail: 'no' }],
    };
    const { address, asked } = await scriptedTrainer({
      'POST /v1/groups': [
        record(RecordsTaken, first),
        record(RecordsTaken, { stored: 4, known: 0, refused: [] }),
      ],
    });
    const told: string[] = [];
    const taken = await (await client(address)).putGroups(groups, never, async (ids) => {
      told.push(...ids);
    });
    expect(taken).toEqual({
      stored: 18,
      known: 1,
      refused: [{ id: 'g1', reason: 'malformed', detail: 'no' }],
    });
    expect(told).toEqual(groups.map(({ id }) => id).filter((id) => id !== 'g1'));
    const lines = asked.flatMap(({ body }) => body.trimEnd().split('\n'));
    expect(lines.map((line) => JSON.parse(line))).toEqual(groups);
    expect(asked.map(({ headers }) => headers['content-type'])).toEqual([
      'application/x-ndjson',
      'application/x-ndjson',
    ]);
  });
});

const step = { loss: 0.5, gradient: 1, tokens: 10, nodes: 20, ratio: 1, weight: 1, clipped: 0, seconds: 1 };

function roundState(state: RoundState['state'], steps = 0): RoundState {
  return {
    run: 'run',
    round: 1,
    state,
    problem: state === 'failed' ? { reason: 'disk-full', detail: 'Full.' } : null,
    steps: Array.from({ length: steps }, () => step),
    skipped: [],
    refused: [],
    weights: null,
    seconds: 1,
  };
}

/** A stream of events with these ids, which then breaks off. */
function events(...given: readonly (readonly [number, TrainerEvent])[]): Answer {
  const text = given.map(
    ([id, event]) => `id: ${id}\ndata: ${JSON.stringify(TrainerEvent.parse(event))}\n\n`,
  );
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`: waiting\n\n${text.join('')}`);
    breakOff(response);
  };
}

describe('a round', () => {
  const at = 'GET /v1/runs/run/rounds/1';
  const follow = 'GET /v1/runs/run/events';
  const stepped: TrainerEvent = { type: 'step', round: 1, step };
  const told = (state: RoundState): TrainerEvent => ({ type: 'round', state });

  it('is followed by its events, which go on behind the last one after a break', async () => {
    const { address, asked } = await scriptedTrainer({
      [at]: [
        record(RoundState, roundState('training')),
        record(RoundState, roundState('training', 1)),
        record(RoundState, roundState('done', 2)),
      ],
      [follow]: [events([4, stepped]), events([5, stepped], [6, told(roundState('done', 2))])],
    });
    const progress: RoundProgress[] = [];
    const ended = await (await client(address)).waitForRound('run', 1, (one) => progress.push(one), never);
    expect(ended).toEqual(roundState('done', 2));
    expect(progress.map(({ steps, tokens }) => [steps, tokens])).toEqual([
      [0, 0],
      [1, 10],
      [1, 10],
      [2, 20],
      [2, 20],
    ]);
    const followed = asked.filter(({ what }) => what === follow);
    expect(followed.map(({ headers }) => headers['last-event-id'])).toEqual(['0', '4']);
  });

  it.each<[string, Answer]>([
    ['are refused', problem(500, 'internal')],
    ['cannot be had', hangUp],
    ['are none', said(200, 'data: nonsense\n\n')],
    [
      'are endless',
      (response) => {
        response.write('data: '.padEnd(1_100_000, 'x'));
      },
    ],
  ])('is looked at now and then where its events %s', async (_, answer) => {
    const training = record(RoundState, roundState('training'));
    const { address } = await scriptedTrainer({
      [at]: [training, training, record(RoundState, roundState('failed'))],
      [follow]: [answer],
    });
    const ended = await (await client(address)).waitForRound('run', 1, () => undefined, never);
    expect(ended.state).toBe('failed');
  });

  it('that begins again is not taken for ended because it failed before', async () => {
    const { address } = await scriptedTrainer({
      [at]: [
        record(RoundState, roundState('training')),
        record(RoundState, roundState('training')),
        record(RoundState, roundState('done')),
      ],
      [follow]: [events([1, told(roundState('failed'))]), events([2, told(roundState('done'))])],
    });
    const ended = await (await client(address)).waitForRound('run', 1, () => undefined, never);
    expect(ended.state).toBe('done');
  });
});

describe('an export', () => {
  const content = Buffer.from('GGUF and what follows it');
  const sha256 = createHash('sha256').update(content).digest('hex');
  const form = { form: 'adapter', type: 'f32' } as const;
  const exported: Exported = { ...form, run: 'run', round: 1, sha256, bytes: content.length, seconds: 1 };
  const at = '/v1/runs/run/rounds/1/export';
  const whole = said(200, content.toString());

  async function fetched(answers: readonly Answer[], folder: string, free = async () => 1e12) {
    const trainer = await scriptedTrainer({
      [`PUT ${at}`]: [record(Exported, exported)],
      [`GET ${at}`]: answers,
    });
    const asking = (await client(trainer.address, { free })).exportTo(folder, 'run', 1, form, never);
    const file = await asking.catch((error: unknown) => error);
    return { file, gets: trainer.asked.filter(({ what }) => what === `GET ${at}`) };
  }

  it('is fetched once, and is the file that was told of', async () => {
    const folder = path.join(await temporaryFolder(), 'exports');
    const { file, gets } = await fetched([whole], folder);
    expect(file).toEqual({ ...form, sha256, path: path.join(folder, `${sha256}.gguf`) });
    expect(await readFile(path.join(folder, `${sha256}.gguf`))).toEqual(content);
    expect(gets[0]?.query).toBe('?form=adapter&type=f32');
    expect((await fetched([whole], folder)).gets).toEqual([]);
  });

  const cut: Answer = (response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, 9));
    breakOff(response);
  };
  const rest: Answer = (response, { headers }) => {
    const start = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1]);
    expect(headers['if-range']).toBe(`"${sha256}"`);
    const range = `bytes ${start}-${content.length - 1}/${content.length}`;
    response.writeHead(206, { 'content-range': range }).end(content.subarray(start));
  };

  it.each([
    ['goes on after a break', rest],
    ['begins again where the trainer does not go on', whole],
  ])('%s', async (_, second) => {
    const folder = await temporaryFolder();
    const { file, gets } = await fetched([cut, second], folder);
    expect(file).toMatchObject({ sha256 });
    expect(gets[1]?.headers.range).toMatch(/^bytes=\d+-$/);
    expect(await readFile(path.join(folder, `${sha256}.gguf`))).toEqual(content);
  });

  it('goes on with what an earlier process left, and throws away what is not of this file', async () => {
    const folder = await temporaryFolder();
    const part = path.join(folder, `${sha256}.gguf.part`);
    await writeFile(part, content.subarray(0, 5));
    expect((await fetched([rest], folder)).gets[0]?.headers.range).toBe('bytes=5-');
    const other = await temporaryFolder();
    await writeFile(path.join(other, `${sha256}.gguf.part`), 'other');
    expect((await fetched([rest, whole], other)).file).toMatchObject({ sha256 });
  });

  it.each<[string, Answer, string]>([
    ['is twice another one', said(200, 'x'.repeat(content.length)), 'bad-file'],
    ['is longer than told', said(200, 'x'.repeat(content.length + 1)), 'bad-file'],
    [
      'comes from elsewhere in it',
      (response) => response.writeHead(206, { 'content-range': 'bytes 3-4/24' }).end('xx'),
      'bad-file',
    ],
    ['never comes whole', said(200, 'x'), 'unreachable'],
    ['is not there', problem(409, 'not-done'), 'not-done'],
  ])('that %s is refused', async (_, answer, reason) => {
    const folder = await temporaryFolder();
    expect((await fetched([answer], folder)).file).toMatchObject({ reason });
    expect(await readdir(folder)).not.toContain(`${sha256}.gguf`);
  });

  it('is not begun where the disk has no room', async () => {
    const { file, gets } = await fetched([whole], await temporaryFolder(), async () => 1_000);
    expect(file).toMatchObject({ reason: 'no-room' });
    expect(gets).toEqual([]);
  });
});

describe('scoring', () => {
  const at = 'POST /v1/runs/run/rounds/0/rescore';
  const figures: Rescored = {
    completions: 1,
    tokens: 2,
    mean: 0.01,
    p99: 0.02,
    tokenShare: 1,
    completionShare: 1,
    breaches: [],
  };

  it('gives the figures, or none where nothing can be scored', async () => {
    const { address } = await scriptedTrainer({
      [at]: [record(Rescored, figures), problem(422, 'nothing-recorded')],
    });
    const rescorer = (await client(address)).rescorer('run', 0);
    await expect(rescorer.rescore('{}\n', never)).resolves.toEqual(figures);
    await expect(rescorer.rescore('{}\n', never)).resolves.toBeUndefined();
  });
});
