import { expect, it } from 'vitest';
import { readTaskUri, taskUri } from './task-uri.ts';

const id = '0123456789abcdef';
const folder = 'file:///home/me/a%20b%3F';

it('reads back what it writes', () => {
  const uri = taskUri(folder, { id, symbol: 'Graph.add_édge', kind: 'deduction' });
  expect(readTaskUri(uri)).toEqual({ id, folder });
});

it('reads the short form', () => {
  expect(readTaskUri(`autodidact-task:/${id}.task`)).toEqual({ id, folder: undefined });
});

it.each([
  'file:///etc/passwd',
  'autodidact-task:/short.task',
  `autodidact-task:/${id}/../../x.task`,
  `autodidact-task://host/${id}.task`,
])('does not take %s for a task', (uri) => {
  expect(readTaskUri(uri)).toBeUndefined();
});
