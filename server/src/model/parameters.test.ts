import { expect, it } from 'vitest';
import { parseParameters } from './parameters.ts';

it('reads numbers, texts and lists as Ollama prints them', () => {
  const text = [
    'stop                           "<|im_start|>"',
    'stop                           "a \\"b\\"\\x00\\a\\n\\U0001f99c"',
    'temperature                    0.2',
    'num_ctx                        1e+06',
    'use_mmap                       true',
  ].join('\n');
  expect(parseParameters(text)).toEqual({
    stop: ['<|im_start|>', 'a "b"\u0000\u0007\n🦜'],
    temperature: 0.2,
    num_ctx: 1_000_000,
    use_mmap: true,
  });
});

it('makes a list of a single stop, since Ollama takes nothing else', () => {
  expect(parseParameters('stop                           "x"')).toEqual({ stop: ['x'] });
});

it('knows none where there are none, and refuses what it cannot read', () => {
  expect(parseParameters('')).toEqual({});
  expect(() => parseParameters('temperature')).toThrow('no parameter');
  expect(() => parseParameters('stop   `x`')).toThrow();
});
