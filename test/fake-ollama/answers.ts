import { createHash } from 'node:crypto';
import type { FakeModel, FakeRequest, FakeScript, Fault } from './script.ts';
import { countTokens, pieces } from './scripted-model.ts';
import type { Body } from './send-body.ts';

/** A model as the fake holds it, with all that its script left out. */
export type HeldModel = Required<Omit<FakeModel, 'remoteHost'>> & Pick<FakeModel, 'remoteHost'>;

/** What a server remembers between requests. */
export interface FakeState {
  readonly script: FakeScript;
  readonly models: Map<string, HeldModel>;
  /** Context of each loaded model, tokens. */
  readonly loaded: Map<string, number>;
  readonly blobs: Set<string>;
}

export function holdModel({ name, ...given }: FakeModel): HeldModel {
  const digest = createHash('sha256').update(name).digest('hex');
  return { name, digest, family: 'llama', contextLength: 8192, capabilities: ['completion'], ...given };
}

/** The answer to one request, faults of the transport left out. */
export function answer(request: FakeRequest, fault: Fault | undefined, state: FakeState): Body {
  const { method, path, body } = request;
  const { script, models } = state;
  // The client library names a model in either way.
  const name = body?.model ?? body?.name;
  switch (`${method} ${path}`) {
    case 'GET /api/version':
      return json(200, { version: script.version ?? '0.17.4' });
    case 'GET /api/tags':
      return json(200, { models: [...models.values()].map(listed) });
    case 'GET /api/ps':
      return json(200, {
        models: [...state.loaded].flatMap(([name, context]) => running(models.get(name), context)),
      });
    case 'POST /api/show':
      return withModel(state, name, shown);
    case 'POST /api/generate':
      return withModel(state, name, (model) => generated(body, model, fault, state));
    case 'POST /api/chat':
      return withModel(state, name, (model) => rendered(model, body.messages));
    case 'POST /api/pull':
      return pulled(name, state);
    case 'POST /api/create':
      return created(name, body.files, state);
    default:
      if (method === 'POST' && path.startsWith('/api/blobs/')) {
        state.blobs.add(path.slice('/api/blobs/'.length));
        return json(201, undefined);
      }
      return json(404, { error: '404 page not found' });
  }
}

function withModel(state: FakeState, name: string, use: (model: HeldModel) => Body): Body {
  const full = name.includes(':') ? name : `${name}:latest`;
  const model = state.models.get(full);
  return model === undefined ? json(404, { error: `model '${name}' not found` }) : use(model);
}

function listed({ name, digest, family, remoteHost }: HeldModel): object {
  const details = {
    parent_model: '',
    format: 'gguf',
    family,
    families: [family],
    parameter_size: '134.52M',
    quantization_level: 'Q4_1',
  };
  const remote = remoteHost === undefined ? {} : { remote_host: remoteHost, remote_model: name };
  return { name, model: name, modified_at: now(), size: 98_363_000, digest, details, ...remote };
}

function running(model: HeldModel | undefined, context: number): object[] {
  if (model === undefined) return [];
  const { modified_at: _, ...entry } = listed(model) as Record<string, unknown>;
  return [{ ...entry, expires_at: now(), size_vram: 0, context_length: context }];
}

function shown(model: HeldModel): Body {
  const { details, remote_host, remote_model, modified_at } = listed(model) as Record<string, unknown>;
  const info = { 'general.architecture': 'llama', 'llama.context_length': model.contextLength };
  return json(200, {
    modelfile: '…',
    template: '{{ .Prompt }}',
    details,
    model_info: info,
    capabilities: model.capabilities,
    modified_at,
    remote_host,
    remote_model,
  });
}

function rendered({ name }: HeldModel, messages: readonly { role: string; content: string }[]): Body {
  const turns = messages.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`);
  const template = `${turns.join('')}<|im_start|>assistant\n`;
  const message = { role: '', content: '' };
  const info = { rendered_template: template };
  return json(200, { model: name, created_at: now(), message, done: false, _debug_info: info });
}

// biome-ignore lint/suspicious/noExplicitAny: whatever a client sent.
function generated(body: any, model: HeldModel, fault: Fault | undefined, state: FakeState): Body {
  const options = body.options ?? {};
  const context = Math.min(options.num_ctx ?? 4096, model.contextLength);
  state.loaded.set(model.name, context);
  const base = () => ({ model: body.model, created_at: now(), response: '' });
  if (body.prompt === '') return json(200, { ...base(), done: true, done_reason: 'load' });
  const promptTokens = countTokens(body.prompt);
  const cuts = fault?.fault === 'silent-truncation';
  if (promptTokens > context && body.truncate === false && !cuts) {
    return json(400, { error: 'the input length exceeds the context length' });
  }
  const randomSeed = options.seed ?? 0;
  const question = {
    model: body.model,
    prompt: body.prompt,
    randomSeed,
    temperature: options.temperature ?? 0.8,
  };
  const all = pieces(state.script.complete?.(question) ?? 'None\n', randomSeed);
  const room = options.num_predict > 0 ? options.num_predict : Number.POSITIVE_INFINITY;
  const kept: typeof all = [];
  let tokens = 0;
  for (const piece of all) {
    if (tokens + piece.logprobs.length > room) break;
    tokens += piece.logprobs.length;
    kept.push(piece);
  }
  const isCut = kept.length < all.length;
  const last = {
    ...base(),
    done: true,
    done_reason: isCut ? 'length' : 'stop',
    total_duration: 2_000_000,
    load_duration: 500_000,
    prompt_eval_count: Math.min(promptTokens, context),
    prompt_eval_duration: 1_000_000,
    // The token that ends a text counts, though it is never sent.
    eval_count: isCut ? tokens : tokens + 1,
    ...(tokens > 1 ? { eval_duration: 500_000 } : {}),
  };
  if (body.stream === false)
    return json(200, { ...last, response: kept.map(({ response }) => response).join('') });
  const lines = kept.map(({ response, logprobs }) => ({
    ...base(),
    response,
    done: false,
    ...(body.logprobs === true ? { logprobs } : {}),
  }));
  return ndjson([...lines, last]);
}

function pulled(name: string, { script, models }: FakeState): Body {
  const layers = script.pullable?.[name];
  const start = { status: 'pulling manifest' };
  if (layers === undefined) return ndjson([start, { error: 'pull model manifest: file does not exist' }]);
  const progress = layers.flatMap((total, index) => {
    const digest = `sha256:${createHash('sha256').update(`${name} ${index}`).digest('hex')}`;
    const status = `pulling ${digest.slice(7, 19)}`;
    return [
      { status, digest, total },
      ...[0.25, 0.5, 1].map((part) => ({ status, digest, total, completed: total * part })),
    ];
  });
  models.set(name, holdModel({ name }));
  return ndjson([
    start,
    ...progress,
    { status: 'verifying sha256 digest' },
    { status: 'writing manifest' },
    { status: 'success' },
  ]);
}

function created(
  name: string,
  files: Readonly<Record<string, string>> | undefined,
  { blobs, models }: FakeState,
): Body {
  const digests = Object.values(files ?? {});
  const missing = digests.find((digest) => !blobs.has(digest));
  if (missing !== undefined) return ndjson([{ error: `digest "${missing}" not found` }]);
  models.set(name, holdModel({ name }));
  const steps = [
    'parsing GGUF',
    ...digests.map((digest) => `using existing layer ${digest}`),
    'writing manifest',
    'success',
  ];
  return ndjson(steps.map((status) => ({ status })));
}

function json(status: number, value: unknown): Body {
  const lines = value === undefined ? [] : [JSON.stringify(value)];
  return { status, contentType: 'application/json; charset=utf-8', lines };
}

function ndjson(values: readonly object[]): Body {
  return {
    status: 200,
    contentType: 'application/x-ndjson',
    lines: values.map((value) => JSON.stringify(value)),
  };
}

function now(): string {
  return new Date().toISOString();
}
