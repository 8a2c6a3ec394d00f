import { describe, expect, it } from 'vitest';
import { isLoopback, ollamaHost } from './ollama-host.ts';

describe('OLLAMA_HOST', () => {
  it.each([
    [undefined, 'http://127.0.0.1:11434'],
    ['', 'http://127.0.0.1:11434'],
    ['1.2.3.4', 'http://1.2.3.4:11434'],
    [':1234', 'http://127.0.0.1:1234'],
    ['1.2.3.4:1234', 'http://1.2.3.4:1234'],
    ['http://1.2.3.4', 'http://1.2.3.4:80'],
    ['https://1.2.3.4', 'https://1.2.3.4:443'],
    ['https://1.2.3.4:1234', 'https://1.2.3.4:1234'],
    ['https://example.com/ollama/', 'https://example.com:443/ollama'],
    ['example.com', 'http://example.com:11434'],
    ['[::1]', 'http://[::1]:11434'],
    ['[::1]:1337', 'http://[::1]:1337'],
    ['::1', 'http://[::1]:11434'],
    ['0.0.0.0', 'http://127.0.0.1:11434'],
    ['0.0.0.0:1234', 'http://127.0.0.1:1234'],
    ['[::]:1234', 'http://127.0.0.1:1234'],
    ['127.0.0.1:66000', 'http://127.0.0.1:11434'],
    ['"127.0.0.1:5"', 'http://127.0.0.1:5'],
    ["' 127.0.0.1:5 '", 'http://127.0.0.1:5'],
  ])('%j is %s', (named, host) => {
    expect(ollamaHost({ OLLAMA_HOST: named })).toBe(host);
  });
});

it.each(['http://[', 'ftp://x', 'http://a b'])('%s is no address, and is said to be none', (host) => {
  expect(() => ollamaHost({ OLLAMA_HOST: host })).toThrow(/OLLAMA_HOST is no address: .*unset it/);
});

describe('loopback', () => {
  it('is told from other machines', () => {
    expect(['http://127.0.0.1:1', 'http://localhost:1', 'http://[::1]:1'].every(isLoopback)).toBe(true);
    expect(
      ['http://10.0.0.1:1', 'https://example.com:443', 'http://127.example.com:1'].some(isLoopback),
    ).toBe(false);
  });
});
