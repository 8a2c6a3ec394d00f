import { expect, it } from 'vitest';
import { candidateName, isCandidateName } from './candidate.ts';

const weights = { form: 'merged', sha256: 'a'.repeat(64) } as const;
const of = (name: string, digest = 'd') => candidateName({ name, digest }, weights);

it('a candidate’s name tells its base, in letters that Ollama takes', () => {
  expect(of('smollm2:135m')).toMatch(/^autodidact-smollm2-135m:[0-9a-f]{12}$/);
  expect(of('hf.co/Some One/Model:Q4_K_M')).toMatch(/^autodidact-hf\.co-some-one-model-q4_k_m:[0-9a-f]{12}$/);
  expect(of('m'.repeat(300)).split(':')[0]?.length).toBeLessThanOrEqual(80);
});

it('the same weights have the same name; upon another base, or in another form, another one', () => {
  expect(of('m:latest')).toBe(of('m:latest'));
  expect(of('m:latest', 'e')).not.toBe(of('m:latest'));
  const adapter = candidateName({ name: 'm:latest', digest: 'd' }, { ...weights, form: 'adapter' });
  expect(adapter).not.toBe(of('m:latest'));
});

it('a candidate upon a candidate has the name of the first base', () => {
  expect(of(of('m:latest'))).toMatch(/^autodidact-m:[0-9a-f]{12}$/);
});

it('only names of that form are ours', () => {
  expect(isCandidateName(of('m'))).toBe(true);
  expect(isCandidateName('autodidact-project:latest')).toBe(false);
  expect(isCandidateName('m:0123456789ab')).toBe(false);
});
