import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { messages, serverCommands } from './messages.ts';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFile(path.join(root, file), 'utf8');

describe('docs/protocol.md', () => {
  it('was read again after the last change of the messages', async () => {
    const sources = await Promise.all(
      ['protocol/messages.ts', 'protocol/status.ts', 'protocol/tree.ts'].map(read),
    );
    const hash = createHash('sha256').update(sources.join('')).digest('hex').slice(0, 16);
    expect(await read('docs/protocol.md')).toContain(`<!-- messages: ${hash} -->`);
  });

  it('names every message and every command', async () => {
    const page = await read('docs/protocol.md');
    const names = [...messages.map(({ method }) => method), ...Object.values(serverCommands)];
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

it('gives each message a name of its own', () => {
  const methods = messages.map(({ method }) => method);
  expect(new Set(methods).size).toBe(methods.length);
});
