/** The requests that are recorded from a real server, by the name of their recording. They need one small model. */
export interface Exchange {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'HEAD' | 'DELETE';
  readonly path: string;
  readonly body?: object;
}

/** The model that recordings are made with. */
export const recordedModel = 'smollm2:135m';

const raw = {
  model: recordedModel,
  raw: true,
  truncate: false,
  shift: false,
  logprobs: true,
  stream: true,
};
const options = { temperature: 0, top_k: 0, top_p: 1, min_p: 0, repeat_penalty: 1, num_ctx: 4096 };
const yes = '<|im_start|>user\nSay only the word yes.<|im_end|>\n<|im_start|>assistant\n';
const birds = 'Repeat: 🦜🦜🦜 日本語 🦜🦜🦜 日本語 🦜🦜🦜';

export const exchanges: readonly Exchange[] = [
  { name: 'version', method: 'GET', path: '/api/version' },
  { name: 'tags', method: 'GET', path: '/api/tags' },
  { name: 'show', method: 'POST', path: '/api/show', body: { model: recordedModel } },
  { name: 'show-missing', method: 'POST', path: '/api/show', body: { model: 'missing' } },
  {
    name: 'load',
    method: 'POST',
    path: '/api/generate',
    body: { model: recordedModel, prompt: '', stream: false, options: { num_ctx: 4096 } },
  },
  { name: 'ps', method: 'GET', path: '/api/ps' },
  {
    name: 'complete-to-the-end',
    method: 'POST',
    path: '/api/generate',
    body: { ...raw, prompt: yes, options: { ...options, num_predict: 40 } },
  },
  {
    name: 'complete-to-the-limit',
    method: 'POST',
    path: '/api/generate',
    body: { ...raw, prompt: '>>> 1 + 1\n', options: { ...options, num_predict: 4 } },
  },
  {
    name: 'complete-characters-of-several-tokens',
    method: 'POST',
    path: '/api/generate',
    body: { ...raw, prompt: birds, options: { ...options, num_predict: 14 } },
  },
  {
    name: 'count',
    method: 'POST',
    path: '/api/generate',
    body: { ...raw, logprobs: false, stream: false, prompt: yes, options: { ...options, num_predict: 1 } },
  },
  {
    name: 'prompt-too-long',
    method: 'POST',
    path: '/api/generate',
    body: { ...raw, prompt: 'x '.repeat(4500), options: { ...options, num_predict: 1 } },
  },
  {
    name: 'complete-missing',
    method: 'POST',
    path: '/api/generate',
    body: { ...raw, model: 'missing', prompt: 'x', options },
  },
  {
    name: 'render',
    method: 'POST',
    path: '/api/chat',
    body: {
      model: recordedModel,
      messages: [{ role: 'user', content: 'hello' }],
      _debug_render_only: true,
      stream: false,
    },
  },
  {
    name: 'first-token',
    method: 'POST',
    path: '/api/generate',
    body: { ...raw, top_logprobs: 2, stream: false, prompt: yes, options: { ...options, num_predict: 1 } },
  },
  { name: 'blob-missing', method: 'HEAD', path: `/api/blobs/sha256:${'0'.repeat(64)}` },
  {
    name: 'create-without-its-blob',
    method: 'POST',
    path: '/api/create',
    body: { model: 'autodidact-none:none', files: { 'model.gguf': `sha256:${'0'.repeat(64)}` } },
  },
  { name: 'delete-missing', method: 'DELETE', path: '/api/delete', body: { model: 'missing' } },
  {
    name: 'pull-missing',
    method: 'POST',
    path: '/api/pull',
    body: { model: 'autodidact-no-such-model:none', stream: true },
  },
];
