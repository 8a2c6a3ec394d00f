import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import type { SolveGroup } from '../../protocol/group.ts';
import { createFromFile } from '../../server/src/model/create-from-file.ts';
import { describeModel } from '../../server/src/model/describe-model.ts';
import { ollamaEndpoint } from '../../server/src/model/ollama.ts';
import { openStore } from '../../server/src/store/open-store.ts';
import type { NamedModel } from '../../server/src/training/publish/candidate.ts';
import { publishTrained } from '../../server/src/training/trainer/publish-trained.ts';
import { startTrainer } from '../../server/src/training/trainer/start-trainer.ts';
import { trainRound } from '../../server/src/training/trainer/train-round.ts';
import { trainerClient } from '../../server/src/training/trainer/trainer-client.ts';
import { sampleGroup, sampleRun, sampleTask } from '../support/sample-records.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const { signal } = new AbortController();
const host = process.env['AUTODIDACT_TEST_OLLAMA'] ?? '';
const endpoint = ollamaEndpoint({ host });
const python = process.env['AUTODIDACT_TEST_PYTHON'] ?? '';
const trainerFolder = path.resolve(import.meta.dirname, '../../trainer');
const prompt = '>>> f(2)\n';

/** A small random model in Ollama, and how many tokens the prompt has with it. */
async function playedModel(name: string): Promise<{ model: NamedModel; promptTokens: number }> {
  const file = path.join(await temporaryFolder(), 'model.gguf');
  const script = path.join(trainerFolder, 'tests/write_played_model.py');
  const env = { ...process.env, PYTHONPATH: trainerFolder };
  const given = [script, process.env['AUTODIDACT_TEST_MODEL'] ?? '', file, prompt];
  const { stdout } = await promisify(execFile)(python, given, { env });
  await createFromFile(name, file, host, () => undefined, signal, {
    manner: { template: '{{ .Prompt }}', system: '', parameters: {}, messages: [] },
  });
  const model = await endpoint.model(name, signal);
  if (model === undefined) throw new Error(`${host} has no ${name}`);
  return { model, ...z.object({ promptTokens: z.number() }).parse(JSON.parse(stdout)) };
}

it('what was played is trained by a trainer of ours, and published to Ollama as what was trained', async () => {
  const { model, promptTokens } = await playedModel('played');
  const place = await temporaryFolder();
  const store = await openStore({ path: path.join(place, 'store.db') });
  onTestFinished(() => store.close());
  await store.putRun({ ...sampleRun('run'), model: { name: model.name, digest: model.digest } });
  await store.putTasks([sampleTask('task')]);
  const { samples, ...rest } = sampleGroup('g1');
  const group: SolveGroup = {
    ...rest,
    model: { name: model.name, digest: model.digest },
    prompt,
    samples: samples.slice(0, 2).map((sample) => ({ ...sample, promptTokens })),
  };
  await store.commitGroup(group, { stream: false });
  const { blobs = '' } = await describeModel(model.name, host, signal);
  const options = { python, data: path.join(place, 'trainer'), ollamaModels: path.dirname(blobs) };
  const trainer = await startTrainer({ ...options, env: process.env }, signal);
  onTestFinished(() => trainer.close());
  const client = await trainerClient(trainer.address, { env: trainer.env });
  onTestFinished(() => client.close());
  const policy = { type: 'lora', rank: 4, alpha: 8, learningRate: 1e-2 } as const;
  const choice = { model: 'played', mode: 'policy-gradient', mostSeconds: null } as const;
  const parts = { store, client, onEvent: () => undefined };
  const trained = await trainRound({ ...choice, policy }, parts, signal);
  expect(trained.state).toMatchObject({ state: 'done', refused: [], steps: [{ tokens: 4 }] });
  const size = { completions: 16, mostTokens: 8 };
  const folder = path.join(place, 'exports');
  const publishing = { store, client, endpoint, folder, onFetch: () => undefined, size };
  const { model: published, figures } = await publishTrained(trained.noted, 1, publishing, signal);
  expect(figures.breaches).toEqual([]);
  expect(figures.base?.mean).toBeGreaterThan(2 * figures.tuned.mean);
  // Ollama has its own copy.
  expect(await readdir(folder)).toEqual([]);
  const served = await endpoint.model(published.name, signal);
  expect(served?.digest).toBe(published.digest);
  const events = (await store.auditLog({ limit: 100 })).map(({ event }) => event);
  expect(events).toMatchObject([
    { what: 'streamed' },
    { what: 'trained' },
    { what: 'published', detail: { model: published.name, base: model.name, outcome: 'good' } },
  ]);
  await expect(trainRound({ ...choice, policy }, parts, signal)).rejects.toMatchObject({
    reason: 'no-groups',
    message: expect.stringContaining(`--model ${published.name}`),
  });
}, 120_000);
