import { expect, it, onTestFinished } from 'vitest';
import { Group } from '../../../../protocol/group.ts';
import type { Rescored } from '../../../../protocol/trainer.ts';
import { startFakeOllama } from '../../../../test/fake-ollama/fake-ollama.ts';
import { sampleGroup, sampleProposals } from '../../../../test/support/sample-records.ts';
import { ollamaEndpoint } from '../../model/ollama.ts';
import { type CheckOptions, checkPublished } from './check-published.ts';
import type { Rescorer } from './rescorer.ts';

const never = new AbortController().signal;
const model = { name: 'autodidact-small:0123456789ab', digest: 'd'.repeat(64) };
const good: Rescored = {
  completions: 64,
  tokens: 500,
  mean: 0.01,
  p99: 0.1,
  tokenShare: 0.999,
  completionShare: 0.99,
  breaches: [],
};
const far: Rescored = { ...good, mean: 0.4 };

/** A rescorer that says the same whatever it is given, and keeps what it was given. */
function saying(rescored: Rescored | undefined): Rescorer & { readonly given: string[] } {
  const given: string[] = [];
  const rescore = async (groups: string) => {
    given.push(groups);
    return rescored;
  };
  return { given, rescore };
}

async function check(changed: Partial<CheckOptions> = {}) {
  const server = await startFakeOllama({ models: [model], complete: () => 'all right' });
  onTestFinished(() => server.close());
  const options: CheckOptions = {
    endpoint: ollamaEndpoint({ host: server.host }),
    tuned: saying(good),
    base: saying(far),
    groups: [sampleGroup('1'), sampleProposals('2', 'task'), sampleGroup('3')],
    randomSeed: 5,
    ...changed,
  };
  const requests = () =>
    server.requests.filter(({ body }) => body?.logprobs === true).map(({ body }) => body);
  return { figures: await checkPublished(model, options, never), requests: requests() };
}

it('samples the prompts of the groups on-policy, as many completions as were asked for, each with a seed of its own', async () => {
  const tuned = saying(good);
  const { figures, requests } = await check({ tuned, size: { completions: 64, mostTokens: 12 } });
  expect(figures).toEqual({ tuned: good, base: far, breaches: [] });
  expect(requests.length).toBe(64);
  expect(new Set(requests.map(({ options }) => options.seed)).size).toBe(64);
  expect(requests[0].options).toMatchObject({
    temperature: 1,
    top_k: 0,
    top_p: 1,
    min_p: 0,
    num_predict: 12,
  });
  const groups =
    tuned.given[0]
      ?.trimEnd()
      .split('\n')
      .map((line) => Group.parse(JSON.parse(line))) ?? [];
  expect(groups.map(({ samples }) => samples.length)).toEqual([21, 21, 22]);
  expect(groups.every((group) => group.trainable && group.model.digest === model.digest)).toBe(true);
});

it('fewer completions than groups leave groups out', async () => {
  const tuned = saying({ ...good, tokens: 2 });
  await check({ tuned, size: { completions: 2, mostTokens: 4 } });
  expect(tuned.given[0]?.trimEnd().split('\n').length).toBe(2);
});

it('what breaks a bound is broken, with its figures', async () => {
  const tuned = { ...good, p99: 2, breaches: ['p99' as const] };
  await expect(check({ tuned: saying(tuned) })).rejects.toMatchObject({
    reason: 'broken',
    figures: { tuned, base: far, breaches: ['p99'] },
  });
});

it('what is nearer to the base than to the tuned weights is the base, though it keeps the bounds', async () => {
  const tuned = { ...good, mean: 0.04 };
  await expect(check({ tuned: saying(tuned), base: saying(good) })).rejects.toMatchObject({
    reason: 'broken',
    figures: { breaches: ['like-base'] },
  });
});

it('chance alone does not make a model its base, nor is the base compared with itself', async () => {
  const { figures } = await check({ tuned: saying(good), base: saying({ ...good, mean: 0.0095 }) });
  expect(figures.breaches).toEqual([]);
});

it('too few tokens tell nothing', async () => {
  await expect(check({ tuned: saying({ ...good, tokens: 10 }) })).rejects.toMatchObject({
    reason: 'nothing-sampled',
  });
  await expect(check({ tuned: saying(undefined) })).rejects.toMatchObject({ reason: 'nothing-sampled' });
});
