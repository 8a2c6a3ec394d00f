import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Group } from '../../protocol/group.ts';
import type { ExportRequest } from '../../protocol/trainer.ts';
import { createFromFile } from '../../server/src/model/create-from-file.ts';
import { describeModel } from '../../server/src/model/describe-model.ts';
import { ollamaEndpoint } from '../../server/src/model/ollama.ts';
import { onPolicy } from '../../server/src/selfplay/sampling.ts';
import type { NamedModel } from '../../server/src/training/publish/candidate.ts';
import { type CheckOptions, checkPublished } from '../../server/src/training/publish/check-published.ts';
import { publishRound, RefusedForms } from '../../server/src/training/publish/choose-form.ts';
import { firstTokens } from '../../server/src/training/publish/first-tokens.ts';
import { pruneCandidates } from '../../server/src/training/publish/prune.ts';
import { publishWeights } from '../../server/src/training/publish/publish.ts';
import { sampleGroup } from '../support/sample-records.ts';
import { startTrainerProcess, type TestModel, type TrainerProcess, type Weights } from './trainer-process.ts';

const { signal } = new AbortController();
const host = process.env['AUTODIDACT_TEST_OLLAMA'] ?? '';
const endpoint = ollamaEndpoint({ host });
const manner = {
  template: '{{ .System }}|{{ .Prompt }}|',
  system: 'Answer "shortly".\n',
  // One thread: more of them wait for each other by spinning, and anything else on the cores slows them tenfold.
  parameters: { stop: ['<|im_end|>'], temperature: 0.2, num_thread: 1 },
  messages: [],
};
const whole: ExportRequest = { form: 'merged', type: 'f16' };
const quantised: ExportRequest = { form: 'merged', type: 'q8_0' };
const adapter: ExportRequest = { form: 'adapter', type: 'f32' };

let trainer: TrainerProcess;
beforeAll(async () => {
  const { AUTODIDACT_TEST_PYTHON: python = '', AUTODIDACT_TEST_MODEL: file = '' } = process.env;
  trainer = await startTrainerProcess(python, file);
}, 240_000);
afterAll(() => trainer.close());

async function named(name: string): Promise<NamedModel> {
  const info = await endpoint.model(name, signal);
  if (info === undefined) throw new Error(`${host} has no ${name}`);
  return info;
}

/** What Ollama's log-probabilities moved by from one model to another, and what the trainer's did, token by token. */
async function moves(model: TestModel, from: NamedModel, to: NamedModel): Promise<[number, number][]> {
  const pairs: [number, number][] = [];
  const after = await firstTokens(to, host, signal);
  for (const { prompt, tokens } of await firstTokens(from, host, signal)) {
    const there = after.find((one) => one.prompt === prompt)?.tokens ?? [];
    const both = tokens.flatMap(({ token, logprob }) => {
      const other = there.find((one) => one.token === token);
      return other === undefined ? [] : [{ token, moved: other.logprob - logprob }];
    });
    const [base = [], tuned = []] = await trainer.first(
      model,
      prompt,
      both.map(({ token }) => token),
    );
    both.forEach(({ moved }, index) => {
      const [one, other] = [base[index] ?? null, tuned[index] ?? null];
      if (one !== null && other !== null) pairs.push([moved, other - one]);
    });
  }
  return pairs;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
}

const prompts = ['>>> f(2)\n', 'def add(a, b):\n    return', 'The capital of', 'import os\n\nfor'];
const groups: readonly Group[] = prompts.map((prompt, index) =>
  sampleGroup(`group-${index}`, { prompt, sampling: onPolicy(8) }),
);

function checked(
  published: NamedModel,
  model: TestModel,
  weights: Weights,
  type: ExportRequest['type'],
): Promise<unknown> {
  const options: CheckOptions = {
    endpoint,
    tuned: trainer.rescorer(model, weights, type),
    ...(weights === 'base' ? {} : { base: trainer.rescorer(model, 'base', type) }),
    groups,
    randomSeed: 7,
    size: { completions: 16, mostTokens: 8 },
  };
  return checkPublished(published, options, signal);
}

const models = [
  { model: 'smollm2', forms: [whole, adapter] },
  { model: 'qwen2', forms: [whole, quantised, adapter] },
] as const;

describe.each(models)('$model', { timeout: 120_000 }, ({ model, forms }) => {
  let base: NamedModel;
  let zero: NamedModel;
  beforeAll(async () => {
    const progress = () => undefined;
    await createFromFile(model, trainer.bases[model], host, progress, signal, { manner, license: ['MIT'] });
    base = await named(model);
    const file = await trainer.exported(model, 'base', whole);
    zero = await publishWeights(base, file, { host, tuned: false }, signal);
  }, 120_000);

  it('republished is its base, with its manner and its licence', async () => {
    const { license, manner: kept } = await describeModel(zero.name, host, signal);
    expect(kept).toEqual(manner);
    expect(license).toMatch(/^MIT\nThese weights were tuned by Autodidact/);
    await expect(checked(zero, model, 'base', 'f16')).resolves.toMatchObject({ breaches: [] });
  });

  it.each(forms)('tuned, as $form $type, is what was trained', async (form) => {
    const below = form === adapter ? zero : base;
    const file = await trainer.exported(model, 'tuned', form);
    const published = await publishWeights(below, file, { host, tuned: true }, signal);
    const pairs = await moves(model, zero, published);
    expect(pairs.length).toBeGreaterThan(15);
    // What was learnt, and how far from it Ollama is: were the weights not applied, the two would be equal.
    const learnt = mean(pairs.map(([, ours]) => ours));
    const apart = mean(pairs.map(([theirs, ours]) => theirs - ours));
    expect(learnt).toBeGreaterThan(0.2);
    expect(apart).toBeLessThan(form === quantised ? learnt / 2 : 0.02);
    expect((await describeModel(published.name, host, signal)).manner).toEqual(manner);
    await expect(checked(published, model, 'tuned', form.type)).resolves.toMatchObject({ breaches: [] });
  });

  it('its base under the name of tuned weights is found out', async () => {
    const broken = checked(zero, model, 'tuned', 'f16');
    await expect(broken).rejects.toMatchObject({
      reason: 'broken',
      figures: { breaches: expect.arrayContaining(['mean', 'like-base']) },
    });
  });

  it('goes out as an adapter upon unquantised weights, as a whole upon others', async () => {
    const round = {
      policy: 'lora',
      mostBytes: 1e9,
      exportAs: (form: ExportRequest) => trainer.exported(model, 'tuned', form),
    } as const;
    const publish = (below: NamedModel) =>
      publishRound(below, round, new RefusedForms(), { host, tuned: true }, signal);
    const upon = await publish(zero);
    expect(upon.mark).toMatchObject(adapter);
    // The same weights were published above: they are found.
    expect(upon.how).toBe('found');
    // Of the Qwen2, which is F32, Ollama says that it does not know how it is stored.
    expect((await publish(base)).mark).toMatchObject(whole);
  });

  it('loses its old candidates, and nothing else', async () => {
    const before = await endpoint.models(signal);
    const kept = new Set([zero.digest]);
    const deleted = await pruneCandidates({ newest: 0, kept }, host, signal);
    expect(deleted.length).toBeGreaterThan(0);
    const left = (await endpoint.models(signal)).map(({ name }) => name);
    expect(left).toContain(`${model}:latest`);
    expect(left).toContain(zero.name);
    expect(left.length).toBe(before.length - deleted.length);
  });
});
