import { describe, expect, it } from 'vitest';
import { matches } from '../../../scripts/dependencies.mjs';

const a = { version: '1.0.0', integrity: 'sha512-a' };

describe('matches', () => {
  it.each([
    ['the same packages', { '': {}, a }, { a }, true],
    ['one for another platform left out', { '': {}, a, b: { ...a, optional: true } }, { a }, true],
    ['one missing', { '': {}, a, b: a }, { a }, false],
    ['another version', { '': {}, a }, { a: { ...a, version: '1.0.1' } }, false],
    ['another content', { '': {}, a }, { a: { ...a, integrity: 'sha512-b' } }, false],
    ['one too many', { '': {}, a }, { a, b: a }, false],
  ])('%s', (_, locked, installed, expected) => {
    expect(matches(locked, installed)).toBe(expected);
  });
});
