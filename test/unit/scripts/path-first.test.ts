import { delimiter } from 'node:path';
import { expect, it } from 'vitest';
import { pathFirst } from '../../../scripts/path-first.mjs';

it.each([
  ['puts the folder first', { PATH: '/b', A: '1' }, { PATH: `/a${delimiter}/b`, A: '1' }],
  ['keeps the name as it is written', { Path: '/b' }, { Path: `/a${delimiter}/b` }],
  ['makes one where there is none', {}, { PATH: '/a' }],
])('%s', (_, env, expected) => {
  expect(pathFirst('/a', env)).toEqual(expected);
});
