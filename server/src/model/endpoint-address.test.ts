import { describe, expect, it } from 'vitest';
import { openEndpoint, readEndpointAddress } from './endpoint-address.ts';
import { ModelError } from './model-error.ts';

const env = { OLLAMA_NUM_PARALLEL: '3', TEAM_KEY: 'secret' };

describe('an address of a server of models', () => {
  it.each([
    ['ollama+http://127.0.0.1', { kind: 'ollama', host: 'http://127.0.0.1:80', slots: 3 }],
    ['ollama+http://127.0.0.1:11434/', { kind: 'ollama', host: 'http://127.0.0.1:11434', slots: 3 }],
    ['ollama+http://gpu.lan:11434?slots=4', { kind: 'ollama', host: 'http://gpu.lan:11434', slots: 4 }],
    // What this machine's variable says holds for this machine's Ollama only.
    ['ollama+http://gpu.lan:11434', { kind: 'ollama', host: 'http://gpu.lan:11434', slots: 1 }],
    [
      'openai+https://vllm.lan/v1/?slots=16&key=TEAM_KEY',
      { kind: 'openai', host: 'https://vllm.lan/v1', slots: 16, keyVariable: 'TEAM_KEY' },
    ],
  ])('%s', (text, expected) => {
    expect(readEndpointAddress(text, env)).toMatchObject(expected);
  });

  it.each([
    '',
    'http://127.0.0.1:11434',
    'vllm+http://127.0.0.1',
    'openai+ftp://127.0.0.1/v1',
    'openai+http://user:secret@127.0.0.1/v1',
    'openai+http://127.0.0.1/v1?key=not a name',
    'openai+http://127.0.0.1/v1?slots=0',
    'openai+http://127.0.0.1/v1?slots=many',
    'openai+http://127.0.0.1/v1?token=secret',
    'ollama+http://127.0.0.1?key=TEAM_KEY',
  ])('%j is refused, without a password in the message', (text) => {
    const reading = () => readEndpointAddress(text, env);
    expect(reading).toThrow(expect.objectContaining({ reason: 'bad-address' }));
    expect(reading).toThrow(expect.objectContaining({ message: expect.not.stringContaining('user:secret') }));
  });

  it('whose key is not there is not opened', () => {
    const address = readEndpointAddress('openai+http://127.0.0.1:1/v1?key=ELSEWHERE', env);
    expect(() => openEndpoint(address, { env, remoteModels: [] })).toThrow(ModelError);
  });
});
