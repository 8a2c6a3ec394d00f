import { afterEach, describe, expect, it } from 'vitest';
import { type OpenaiScript, servedModel, startFakeOpenai } from '../../../test/support/fake-openai.ts';
import { notTrainable } from '../selfplay/sample-record.ts';
import { onPolicy } from '../selfplay/sampling.ts';
import type { Sample, SampleRequest } from './endpoint.ts';
import { ModelError, type ModelReason } from './model-error.ts';
import type { Limits } from './ollama-client.ts';
import { openaiEndpoint } from './openai.ts';

const never = new AbortController().signal;
const request: SampleRequest = {
  model: 'fake',
  prompt: '>>> 1 + 1\n',
  sampling: onPolicy(50),
  randomSeed: 7,
  ends: (text) => text.includes('\n'),
};
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function serve(script: OpenaiScript = {}, limits: Partial<Limits> = {}) {
  const server = await startFakeOpenai(script);
  open.push(server);
  return { server, endpoint: openaiEndpoint({ host: server.host, limits }) };
}

async function reasonOf(work: Promise<unknown>): Promise<ModelReason> {
  const error = await work.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!ModelError.is(error)) throw new Error(`not a ModelError: ${error}`);
  return error.reason;
}

function textOf({ tokens }: Sample): string {
  return Buffer.concat(tokens.map(({ bytes }) => Buffer.from(bytes, 'base64'))).toString();
}

describe('a sample of an OpenAI-compatible server', () => {
  it.each(['legacy', 'content'] as const)(
    'ends with the token that ends the answer, with log-probabilities in the %s form, and closes the request',
    async (logprobs) => {
      const { server, endpoint } = await serve({
        logprobs,
        complete: () => '42\n>>> more and more',
        tokenMs: 5,
      });
      const sample = await endpoint.sample(request, never);
      expect(sample).toMatchObject({
        text: '42\n',
        finish: 'delimiter',
        completionTokens: 3,
        promptCut: false,
      });
      expect(sample.tokens).toHaveLength(3);
      expect(textOf(sample)).toBe('42\n');
      const completion = server.requests.find(({ path }) => path === '/v1/completions');
      expect(await completion?.ended).toBe('closed');
    },
  );

  it('is asked raw, on-policy and without a stop', async () => {
    const { server, endpoint } = await serve();
    await endpoint.sample(request, never);
    const asked = server.requests.find(({ path }) => path === '/v1/completions');
    expect(asked?.body).toMatchObject({
      model: 'fake',
      prompt: '>>> 1 + 1\n',
      temperature: 1,
      top_k: -1,
      top_p: 1,
      min_p: 0,
      repetition_penalty: 1,
      presence_penalty: 0,
      frequency_penalty: 0,
      max_tokens: 50,
      seed: 7,
    });
    expect(asked?.body).not.toHaveProperty('stop');
  });

  it('is kept to a schema where one is asked for', async () => {
    const { server, endpoint } = await serve({ complete: () => '42\n' });
    const schema = { type: 'object' };
    await endpoint.sample({ ...request, format: schema }, never);
    const completion = server.requests.find(({ path }) => path === '/v1/completions');
    expect(completion?.body.response_format).toMatchObject({ type: 'json_schema', json_schema: { schema } });
  });

  it('keeps nothing of what came with its last token behind the answer', async () => {
    const { endpoint } = await serve({ complete: () => '42\n>>> more', tokensPerEvent: 5 });
    const sample = await endpoint.sample(request, never);
    expect(sample).toMatchObject({ text: '42\n', finish: 'delimiter' });
    expect(textOf(sample)).toBe('42\n');
  });

  it('that is cut, or ends by itself, says so', async () => {
    const { endpoint } = await serve({ complete: () => 'one two three' });
    const cut = { ...request, sampling: onPolicy(2) };
    expect((await endpoint.sample(cut, never)).finish).toBe('length');
    expect((await endpoint.sample(request, never)).finish).toBe('end');
  });

  it('without log-probabilities makes its group one that is not trained on', async () => {
    const { endpoint } = await serve({ logprobs: 'none' });
    const sample = await endpoint.sample(request, never);
    expect(sample).toMatchObject({ text: 'None\n', tokens: [] });
    expect(sample.completionTokens).toBeGreaterThan(0);
    const { tokens, completionTokens } = sample;
    const verdict = { verdict: 'right' } as const;
    const reward = { total: 1, parts: {} };
    const record = { ...sample, tokens: [...tokens], completionTokens, verdict, reward };
    const kept = { ...record, index: 0, answer: '', randomSeed: 1, trainable: true };
    expect(notTrainable([{ sample, randomSeed: 1 }], [kept])).toBe('no-logprobs');
  });

  it('counts its prompt where the server does not say it by the way, once for a prompt', async () => {
    const { server, endpoint } = await serve({ tellsUsage: false });
    const [one, two] = [await endpoint.sample(request, never), await endpoint.sample(request, never)];
    expect(one.promptTokens).toBeGreaterThan(0);
    expect(two.promptTokens).toBe(one.promptTokens);
    expect(server.requests.filter(({ body }) => body?.stream === false)).toHaveLength(1);
  });

  it('marks a token that holds a part of a character, and takes its bytes where the server gives them', async () => {
    const marked = await (await serve({ complete: () => 'é\n' })).endpoint.sample(request, never);
    expect(marked.tokens[0]?.bytes).toBe(Buffer.from('\uFFFD').toString('base64'));
    const choice = {
      text: 'é\n',
      logprobs: { tokens: ['bytes:\\xc3', 'bytes:\\xa9', '\n'], token_logprobs: [-1, -2, -3] },
      finish_reason: 'stop',
    };
    const body = `data: ${JSON.stringify({ choices: [choice], usage: { prompt_tokens: 3 } })}\n\ndata: [DONE]\n\n`;
    const { endpoint } = await serve({ instead: () => ({ status: 200, body }) });
    expect(textOf(await endpoint.sample(request, never))).toBe('é\n');
  });
});

describe('a failure of an OpenAI-compatible server', () => {
  it.each<[string, { status: number; body: string }, ModelReason]>([
    ['a refused prompt', { status: 400, body: '{"error":{"message":"maximum context"}}' }, 'prompt-too-long'],
    ['an error in the middle', { status: 200, body: 'data: {"error":{"message":"died"}}\n\n' }, 'http-error'],
    ['no JSON', { status: 200, body: 'data: <html>\n\n' }, 'bad-response'],
    ['another shape', { status: 200, body: 'data: {"choices":[{"delta":{}}]}\n\n' }, 'bad-response'],
    ['an endless line', { status: 200, body: `data: ${'x'.repeat(2e6)}` }, 'bad-response'],
    ['500', { status: 500, body: 'Internal Server Error' }, 'http-error'],
    ['a redirect', { status: 307, body: '' }, 'http-error'],
  ])('%s is told', async (_, instead, reason) => {
    const { endpoint } = await serve({ instead: () => instead });
    expect(await reasonOf(endpoint.sample(request, never))).toBe(reason);
  });

  it('that stops in the middle keeps what came; one without a token is timed out', async () => {
    const slow = await serve({ complete: () => 'a b c d', tokenMs: 300 }, { stall: 100 });
    expect((await slow.endpoint.sample(request, never)).finish).toBe('stall');
    const silent = await serve({ tokenMs: 1_000 }, { firstToken: 100 });
    expect(await reasonOf(silent.endpoint.sample(request, never))).toBe('timed-out');
  });

  it('that is an abort closes the socket', async () => {
    const { server, endpoint } = await serve({ complete: () => 'word '.repeat(300), tokenMs: 5 });
    const abort = new AbortController();
    const sampling = endpoint.sample(
      { ...request, ends: () => false, sampling: onPolicy(500) },
      abort.signal,
    );
    setTimeout(() => abort.abort(), 100);
    await expect(sampling).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(await server.requests.find(({ path }) => path === '/v1/completions')?.ended).toBe('closed');
  });

  it('is none of Ollama, in words', async () => {
    const { server, endpoint } = await serve();
    await server.close();
    await expect(endpoint.sample(request, never)).rejects.toMatchObject({
      reason: 'refused',
      message: expect.not.stringContaining('Ollama'),
    });
    expect((await endpoint.probe(never)).state).toBe('refused');
  });
});

describe('a model of an OpenAI-compatible server', () => {
  it('has a digest of what the server tells of it, the same for each asking and another for other weights', async () => {
    const { endpoint } = await serve({ models: [servedModel('fake')] });
    const info = await endpoint.model('fake', never);
    expect(info).toMatchObject({ name: 'fake', contextLength: 4096 });
    expect(info?.digest).toMatch(/^told-[0-9a-f]{64}$/);
    const later = await serve({ models: [servedModel('fake')] });
    expect((await later.endpoint.model('fake', never))?.digest).toBe(info?.digest);
    const other = await serve({ models: [servedModel('fake', { root: '/weights/step-20' })] });
    expect((await other.endpoint.model('fake', never))?.digest).not.toBe(info?.digest);
    expect(await endpoint.model('none', never)).toBeUndefined();
  });

  it('of Ollama is refused: its /v1 puts prompts into a template', async () => {
    const { server, endpoint } = await serve({ models: [servedModel('fake', { owned_by: 'library' })] });
    expect(await reasonOf(endpoint.sample(request, never))).toBe('bad-response');
    expect(server.requests.filter(({ path }) => path === '/v1/completions')).toEqual([]);
  });

  it('that runs elsewhere gets no text of ours unless it is allowed by name', async () => {
    const { server, endpoint } = await serve({ models: [servedModel('big:cloud')] });
    expect(await reasonOf(endpoint.sample({ ...request, model: 'big:cloud' }, never))).toBe('remote-model');
    expect(await reasonOf(endpoint.model('big:cloud', never))).toBe('remote-model');
    expect(await endpoint.models(never)).toEqual([]);
    expect(server.requests.filter(({ path }) => path === '/v1/completions')).toEqual([]);
    const allowed = openaiEndpoint({ host: server.host, remoteModels: ['big:cloud'] });
    expect((await allowed.sample({ ...request, model: 'big:cloud' }, never)).text).toBe('None\n');
  });

  it('is asked with the key, and the key stands in no message', async () => {
    const { server } = await serve({ key: 'secret-1' });
    const keyed = openaiEndpoint({ host: server.host, apiKey: 'secret-1' });
    expect((await keyed.sample(request, never)).text).toBe('None\n');
    const wrong = openaiEndpoint({ host: server.host, apiKey: 'secret-2' }).sample(request, never);
    await expect(wrong).rejects.toMatchObject({ message: expect.not.stringContaining('secret') });
  });

  it('renders a message where the server can', async () => {
    const { endpoint } = await serve();
    expect(await endpoint.render('fake', 'hello', never)).toBe('<user>1 2 3<assistant>');
  });
});
