import { expect, it, onTestFinished } from 'vitest';
import { startFakeOllama } from '../../../../test/fake-ollama/fake-ollama.ts';
import type { FakeModel } from '../../../../test/fake-ollama/script.ts';
import { type CandidateMark, candidateName, licenceOf } from './candidate.ts';
import { pruneCandidates } from './prune.ts';

const never = new AbortController().signal;

function candidate(nth: number, baseName = 'small:latest'): FakeModel & { readonly digest: string } {
  const mark: CandidateMark = {
    schema: 1,
    base: { name: baseName, digest: 'b'.repeat(64) },
    form: 'merged',
    type: 'f16',
    sha256: String(nth).repeat(64),
    createdAt: new Date(Date.UTC(2026, 0, nth)).toISOString(),
  };
  const digest = String(nth).padStart(64, '0');
  return { name: candidateName(mark.base, mark), digest, license: `MIT\n${licenceOf(mark)}` };
}

async function prune(models: readonly FakeModel[], newest: number, kept: readonly string[] = []) {
  const server = await startFakeOllama({ models });
  onTestFinished(() => server.close());
  return (await pruneCandidates({ newest, kept: new Set(kept) }, server.host, never)).map(({ name }) => name);
}

const four = [3, 1, 4, 2].map((nth) => candidate(nth));
const name = (nth: number) => candidate(nth).name;

it('the newest of each base stay', async () => {
  const others = [5, 6].map((nth) => candidate(nth, 'large:7b'));
  const deleted = await prune([...four, ...others], 2);
  expect(deleted.sort()).toEqual([name(1), name(2)].sort());
});

it('what was promoted stays, by digest or because it has a name that people use', async () => {
  const alias = { ...candidate(2), name: 'autodidact-project:latest' };
  const deleted = await prune([...four, alias], 1, [candidate(1).digest]);
  expect(deleted).toEqual([name(3)]);
});

it('what is not ours stays: without a mark, or with the mark of another model', async () => {
  const unmarked = { name: 'autodidact-small:0123456789ab', license: 'MIT' };
  const derived = { ...candidate(1), name: 'mine:latest' };
  const renamed = { ...candidate(2), name: 'autodidact-small:ffffffffffff' };
  const broken = { name: 'autodidact-small:aaaaaaaaaaaa', license: 'autodidact-candidate {"schema":1' };
  expect(await prune([unmarked, derived, renamed, broken], 0)).toEqual([]);
});
