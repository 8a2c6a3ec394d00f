import { afterEach, describe, expect, it } from 'vitest';
import type { Sampling } from '../../../protocol/group.ts';
import type { FakeOllama } from '../../../test/fake-ollama/fake-ollama.ts';
import { startFakeOllama } from '../../../test/fake-ollama/fake-ollama.ts';
import type { FakeScript, Fault } from '../../../test/fake-ollama/script.ts';
import type { SampleRequest } from './endpoint.ts';
import { ModelError, type ModelReason } from './model-error.ts';
import { ollamaEndpoint } from './ollama.ts';
import type { Limits } from './ollama-client.ts';

const sampling: Sampling = {
  temperature: 1,
  topK: 0,
  topP: 1,
  minP: 0,
  repeatPenalty: 1,
  numPredict: 50,
  numCtx: 4096,
};
const request: SampleRequest = {
  model: 'fake',
  prompt: '>>> 1 + 1\n',
  sampling,
  randomSeed: 7,
  ends: (text) => text.includes('\n'),
};
/** A line that says what a line may say, without an end in sight. */
const endless = JSON.stringify({ response: 'x'.repeat(2e6), done: false });
const never = new AbortController().signal;

const open: FakeOllama[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function serve(script: FakeScript, limits: Partial<Limits> = {}) {
  const server = await startFakeOllama(script);
  open.push(server);
  return { server, endpoint: ollamaEndpoint({ host: server.host, limits }) };
}

/** A server whose completions have this fault; loading and counting go well. */
function serveFault(fault: Fault, script: FakeScript = {}, limits: Partial<Limits> = {}) {
  return serve({ ...script, fault: ({ body }) => (body?.logprobs === true ? fault : undefined) }, limits);
}

async function reasonOf(work: Promise<unknown>): Promise<ModelReason | undefined> {
  const error = await work.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!ModelError.is(error)) throw new Error(`not a ModelError: ${error}`);
  return error.reason;
}

describe('a sample', () => {
  it('ends with the token that ends the answer, and closes the request at its socket', async () => {
    const { server, endpoint } = await serve({ complete: () => '42\n>>> more and more', tokenMs: 5 });
    const sample = await endpoint.sample(request, never);
    expect(sample).toMatchObject({
      text: '42\n',
      finish: 'delimiter',
      completionTokens: 3,
      promptCut: false,
    });
    expect(sample.tokens.map(({ bytes }) => Buffer.from(bytes, 'base64').toString())).toEqual([
      '4',
      '2',
      '\n',
    ]);
    expect(sample.tokens.every(({ logprob }) => logprob <= 0)).toBe(true);
    const completion = server.requests.find(({ body }) => body?.logprobs === true);
    expect(await completion?.ended).toBe('closed');
  });

  it('ends where the model ends, its last token counted', async () => {
    const { endpoint } = await serve({ complete: () => '42' });
    const sample = await endpoint.sample(request, never);
    expect(sample).toMatchObject({ text: '42', finish: 'end', completionTokens: 3 });
    expect(sample.tokens).toHaveLength(2);
  });

  it('ends at the number of tokens that it may have', async () => {
    const { endpoint } = await serve({ complete: () => 'on and on and on' });
    const sample = await endpoint.sample({ ...request, sampling: { ...sampling, numPredict: 3 } }, never);
    expect(sample).toMatchObject({ text: 'on and on', finish: 'length', completionTokens: 3 });
  });

  it('sends the prompt raw, whole and with every option that shapes the distribution', async () => {
    const { server, endpoint } = await serve({});
    await endpoint.sample(request, never);
    const completion = server.requests.find(({ body }) => body?.logprobs === true);
    expect(completion?.body).toMatchObject({
      prompt: request.prompt,
      raw: true,
      truncate: false,
      shift: false,
      stream: true,
      options: {
        temperature: 1,
        top_k: 0,
        top_p: 1,
        min_p: 0,
        typical_p: 1,
        repeat_penalty: 1,
        presence_penalty: 0,
        frequency_penalty: 0,
        stop: [],
        seed: 7,
        num_predict: 50,
        num_ctx: 4096,
      },
    });
  });

  it('counts the prompt of a group once, exactly', async () => {
    const { server, endpoint } = await serve({ complete: () => '1\nand more', tokenMs: 5 });
    const samples = [];
    for (const randomSeed of [1, 2, 3])
      samples.push(await endpoint.sample({ ...request, randomSeed }, never));
    expect(samples.map(({ promptTokens }) => promptTokens)).toEqual([10, 10, 10]);
    const counting = server.requests.filter(({ body }) => body?.options?.num_predict === 1);
    expect(counting).toHaveLength(1);
  });

  it('loads the model once, with the context that completions use', async () => {
    const { server, endpoint } = await serve({});
    await endpoint.sample(request, never);
    await endpoint.sample(request, never);
    const loading = server.requests.filter(({ body }) => body?.prompt === '');
    expect(loading.map(({ body }) => body.options)).toEqual([{ num_ctx: 4096 }]);
  });

  it('comes whole through lines and characters that are cut apart', async () => {
    const { endpoint } = await serveFault(
      { fault: 'split', bytes: 3 },
      { complete: () => "'日本語 🦜 é'\n" },
    );
    const sample = await endpoint.sample(request, never);
    expect(sample.text).toBe("'日本語 🦜 é'\n");
  });
});

describe('a prompt that is too long', () => {
  const tooLong = { ...request, prompt: 'x '.repeat(5_000) };

  it('is refused', async () => {
    const { endpoint } = await serve({});
    expect(await reasonOf(endpoint.sample(tooLong, never))).toBe('prompt-too-long');
  });

  it('shows as cut where a server cuts it without a word', async () => {
    const { endpoint } = await serveFault({ fault: 'silent-truncation' }, { complete: () => 'yes' });
    expect((await endpoint.sample(tooLong, never)).promptCut).toBe(true);
  });

  it('shows as cut by the context that the model really got', async () => {
    const { endpoint } = await serveFault(
      { fault: 'silent-truncation' },
      { models: [{ name: 'fake:latest', contextLength: 64 }], complete: () => 'yes' },
    );
    const sample = await endpoint.sample({ ...request, prompt: 'x '.repeat(100) }, never);
    expect(sample.promptCut).toBe(true);
  });
});

describe('a server that fails', () => {
  const long = { complete: () => 'word '.repeat(50) };

  it.each<[string, Fault, ModelReason]>([
    ['with status 500', { fault: 'status', status: 500, body: '{"error":"runner crashed"}' }, 'http-error'],
    [
      'with a web page',
      { fault: 'status', status: 502, body: '<html>', contentType: 'text/html' },
      'http-error',
    ],
    ['by a reset', { fault: 'reset', afterLines: 4 }, 'unreachable'],
    ['by an end in the middle of a line', { fault: 'cut', afterLines: 4 }, 'bad-response'],
    ['with a line that is no JSON', { fault: 'line', afterLines: 2, line: 'Traceback' }, 'bad-response'],
    ['with a line without an end', { fault: 'line', afterLines: 2, line: endless }, 'bad-response'],
    ['with a line of another shape', { fault: 'line', afterLines: 2, line: '{"done":"no"}' }, 'bad-response'],
    ['with an error in the stream', { fault: 'line', afterLines: 2, line: '{"error":"lost"}' }, 'http-error'],
    ['by no first token', { fault: 'slow-headers', ms: 5_000 }, 'timed-out'],
    ['by a stall before any text', { fault: 'stall', afterLines: 0 }, 'timed-out'],
  ])('%s', async (_how, fault, reason) => {
    const { endpoint } = await serveFault(fault, long, { firstToken: 300, stall: 300 });
    expect(await reasonOf(endpoint.sample(request, never))).toBe(reason);
  });

  it('by a stall keeps what came', async () => {
    const { endpoint } = await serveFault({ fault: 'stall', afterLines: 3 }, long, { stall: 300 });
    const sample = await endpoint.sample(request, never);
    expect(sample).toMatchObject({ text: 'word word word', finish: 'stall', completionTokens: 3 });
  });

  it('to load the model says so in the words of the server', async () => {
    const error = '{"error":"model requires more system memory (9 GiB) than is available (1 GiB)"}';
    const { endpoint } = await serve({
      fault: ({ body }) => (body?.prompt === '' ? { fault: 'status', status: 500, body: error } : undefined),
    });
    const failure = endpoint.sample(request, never);
    await expect(failure).rejects.toMatchObject({ reason: 'load-failed' });
    await expect(failure).rejects.toThrow('9 GiB');
  });

  it('is loaded again after a failure', async () => {
    let fails = true;
    const { server, endpoint } = await serve({
      fault: ({ body }) => {
        if (body?.logprobs !== true || !fails) return undefined;
        fails = false;
        return { fault: 'status', status: 500, body: '{}' };
      },
    });
    expect(await reasonOf(endpoint.sample(request, never))).toBe('http-error');
    expect((await endpoint.sample(request, never)).text).toBe('None\n');
    expect(server.requests.filter(({ body }) => body?.prompt === '')).toHaveLength(2);
  });
});

describe('an abort', () => {
  it('closes the socket and rejects with its reason', async () => {
    const { server, endpoint } = await serve({ complete: () => 'word '.repeat(500), tokenMs: 5 });
    const abort = new AbortController();
    const sampling = endpoint.sample({ ...request, ends: () => false }, abort.signal);
    setTimeout(() => abort.abort(), 200);
    await expect(sampling).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    const completion = server.requests.find(({ body }) => body?.logprobs === true);
    expect(await completion?.ended).toBe('closed');
  });

  it('that came before the question sends nothing', async () => {
    const { server, endpoint } = await serve({});
    await expect(endpoint.sample(request, AbortSignal.abort())).rejects.toThrow();
    expect(server.requests).toEqual([]);
  });
});

describe('a model', () => {
  const models = [
    { name: 'fake:latest' },
    { name: 'big:cloud', remoteHost: 'https://example.com:443' },
    { name: 'alias:latest', remoteHost: 'https://example.com:443' },
    { name: 'vectors:latest', capabilities: ['embedding'] },
  ];

  it('is described', async () => {
    const { endpoint } = await serve({ models: [{ name: 'a/b:1', digest: 'd', contextLength: 512 }] });
    expect(await endpoint.model('a/b:1', never)).toEqual({
      name: 'a/b:1',
      digest: 'd',
      family: 'llama',
      contextLength: 512,
    });
  });

  it('that is missing is undefined, and cannot be sampled', async () => {
    const { endpoint } = await serve({ models });
    expect(await endpoint.model('none', never)).toBeUndefined();
    expect(await reasonOf(endpoint.sample({ ...request, model: 'none' }, never))).toBe('model-missing');
  });

  it.each(['big:cloud', 'alias'])('%s, which runs elsewhere, gets no text of ours', async (name) => {
    const { server, endpoint } = await serve({ models });
    expect(await reasonOf(endpoint.model(name, never))).toBe('remote-model');
    expect(await reasonOf(endpoint.sample({ ...request, model: name }, never))).toBe('remote-model');
    expect(await reasonOf(endpoint.render(name, 'secret', never))).toBe('remote-model');
    expect(server.requests.filter(({ path }) => path === '/api/generate' || path === '/api/chat')).toEqual(
      [],
    );
  });

  it('that runs elsewhere is asked where its owner allowed it by name', async () => {
    const { server } = await serve({ models });
    const endpoint = ollamaEndpoint({ host: server.host, remoteModels: ['big:cloud'] });
    expect((await endpoint.sample({ ...request, model: 'big:cloud' }, never)).text).toBe('None\n');
    expect((await endpoint.models(never)).map(({ name }) => name)).toEqual([
      'fake:latest',
      'big:cloud',
      'vectors:latest',
    ]);
  });

  it('that cannot complete text is not loaded', async () => {
    const { endpoint } = await serve({ models });
    expect(await reasonOf(endpoint.sample({ ...request, model: 'vectors' }, never))).toBe('load-failed');
  });

  it('renders a message with its own template', async () => {
    const { endpoint } = await serve({ models });
    expect(await endpoint.render('fake', 'hello', never)).toBe(
      '<|im_start|>user\nhello<|im_end|>\n<|im_start|>assistant\n',
    );
  });
});
