import { describe, expect, it, onTestFinished } from 'vitest';
import { type FakeOllama, startFakeOllama } from '../../../test/fake-ollama/fake-ollama.ts';
import type { FakeScript } from '../../../test/fake-ollama/script.ts';
import type { CallSubject } from '../mining/proposing/call-proposer.ts';
import { connect } from '../model/connect.ts';
import { ollamaEndpoint } from '../model/ollama.ts';
import { writeCall } from '../values/literal-writer.ts';
import { createCallProposer } from './call-proposer.ts';
import { contextTokens } from './sampling.ts';

const { signal } = new AbortController();
const subject: CallSubject = {
  program: 'def tail(n, seq):\n    return seq[-n:]\n',
  entry: 'tail',
  pairs: [['(2, [1, 2, 3])', '[2, 3]']],
};

async function fakeOllama(script: FakeScript): Promise<FakeOllama> {
  const fake = await startFakeOllama(script);
  onTestFinished(() => fake.close());
  return fake;
}

/** A proposer that was opened on a fake with this script. */
async function opened(script: FakeScript) {
  const fake = await fakeOllama(script);
  const limits = { firstToken: 300, stall: 300, load: 2_000 };
  const endpoint = ollamaEndpoint({ host: fake.host, limits });
  const proposer = createCallProposer('fake', () => Promise.resolve({ endpoint }));
  return { fake, proposer, open: await proposer.open(signal) };
}

/** What a model that writes this is understood to propose. */
async function proposed(text: string): Promise<string> {
  const { proposer } = await opened({ complete: () => text });
  const said = await proposer.propose(subject, 1, signal);
  return said.outcome === 'call' ? writeCall(said.call) : said.outcome;
}

describe('a model that proposes calls', () => {
  it('continues a session with the program and its known calls, in the context of all other requests', async () => {
    const prompts: string[] = [];
    const { fake, proposer, open } = await opened({
      complete: ({ prompt }) => {
        prompts.push(prompt);
        return "1, 'abc')\n'c'\n";
      },
    });
    expect(open).toEqual({ ok: true, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const said = await proposer.propose(subject, 7, signal);
    expect(said.outcome === 'call' && writeCall(said.call)).toBe("(1, 'abc')");
    const shown = '>>> def tail(n, seq):\n...     return seq[-n:]\n...\n>>> tail(2, [1, 2, 3])\n[2, 3]\n';
    expect(prompts.at(-1)?.endsWith(`${shown}>>> tail(`)).toBe(true);
    const bodies = fake.requests.filter(({ path }) => path === '/api/generate').map(({ body }) => body);
    expect(new Set(bodies.map(({ options }) => options.num_ctx))).toEqual(new Set([contextTokens]));
    expect(bodies.at(-2)).toMatchObject({ raw: true, stream: true, options: { seed: 7 } });
  });

  it.each([
    ['prose', 'I am a model)\n'],
    ['code', '__import__("os").system("true"))\n'],
    ['an expression', '1 + 1, seq)\n'],
    ['a name', 'n, seq)\n'],
    ['a call that is not closed', "1, 'abc'\n"],
    ['a keyword', 'n=1, seq=[1])\n'],
    ['nothing', '\n'],
    ['what does not end', `${'['.repeat(500)}`],
    ['a call that is too long', `'${'ab '.repeat(30)}', ${'1'.repeat(400)})\n`],
  ])('proposes nothing where it writes %s', async (_, text) => {
    expect(await proposed(text)).toBe('malformed');
  });

  it('is not listened to for longer than a call may be', async () => {
    const { fake, proposer } = await opened({
      complete: () => `${'long'.repeat(50)} `.repeat(60),
      tokenMs: 5,
    });
    expect(await proposer.propose(subject, 1, signal)).toEqual({ outcome: 'malformed' });
    const drawn = fake.requests.findLast(({ body }) => body?.options?.seed === 1);
    expect(await drawn?.ended).toBe('closed');
  });

  it('is not asked about a program that does not fit into its context', async () => {
    const { proposer } = await opened({ models: [{ name: 'fake:latest', contextLength: 700 }] });
    const long = { ...subject, program: `def tail(n, seq):\n${'    n += 1\n'.repeat(400)}    return n\n` };
    expect(await proposer.propose(long, 1, signal)).toEqual({ outcome: 'too-long' });
  });
});

describe('what is wrong with the model', () => {
  it('is told: it is not there', async () => {
    const { open } = await opened({ models: [] });
    expect(open).toEqual({ ok: false, detail: expect.stringContaining('ollama pull fake') });
  });

  it('is told: nothing listens, and none is installed', async () => {
    const env = { OLLAMA_HOST: 'http://127.0.0.1:9', PATH: '' };
    const proposer = createCallProposer('fake', async (stop) => {
      const { host } = await connect({ env, keep: false, start: false }, stop);
      return { endpoint: ollamaEndpoint({ host }) };
    });
    expect(await proposer.open(signal)).toEqual({
      ok: false,
      detail: expect.stringContaining('No Ollama can be used'),
    });
  });

  const faults = [
    ['refuses', { fault: 'status', status: 500, body: '{"error":"out of memory"}' }, 'out of memory'],
    ['writes no token', { fault: 'stall', afterLines: 0 }, 'no token within'],
    ['stops in the middle', { fault: 'stall', afterLines: 2 }, 'stopped in the middle'],
    ['sends what is none of it', { fault: 'line', afterLines: 1, line: '<html>' }, ''],
  ] as const;
  it.each(faults)('is told: it %s', async (_, fault, detail) => {
    let isBroken = false;
    const { proposer } = await opened({
      complete: () => '1, [2, 3, 4, 5])\n',
      fault: ({ path }) => (isBroken && path === '/api/generate' ? fault : undefined),
    });
    isBroken = true;
    const said = await proposer.propose(subject, 1, signal);
    expect(said).toEqual({ outcome: 'failed', detail: expect.stringContaining(detail) });
  });

  it('is waited for once where the connection breaks', async () => {
    let breaks = 0;
    const { fake, proposer } = await opened({
      complete: () => '1, [2, 3, 4, 5])\n',
      fault: ({ path }) =>
        path === '/api/generate' && breaks-- > 0 ? { fault: 'reset', afterLines: 1 } : undefined,
    });
    breaks = 1;
    expect(await proposer.propose(subject, 1, signal)).toMatchObject({ outcome: 'call' });
    breaks = 100;
    const before = fake.requests.length;
    expect(await proposer.propose(subject, 2, signal)).toMatchObject({ outcome: 'failed' });
    expect(fake.requests.length - before).toBeLessThan(6);
  });

  it('ends with the signal, which closes the connection', async () => {
    const abort = new AbortController();
    let isBroken = false;
    const { fake, proposer } = await opened({
      fault: ({ path }) =>
        isBroken && path === '/api/generate' ? { fault: 'stall', afterLines: 0 } : undefined,
    });
    isBroken = true;
    setTimeout(() => abort.abort(), 50);
    await expect(proposer.propose(subject, 1, abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
    expect(await fake.requests.at(-1)?.ended).toBe('closed');
  });
});
