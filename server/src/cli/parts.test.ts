import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { openSandbox } from './parts.ts';

const { signal } = new AbortController();

it('says where an interpreter that was named is not used', async () => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const context = { stdin: Readable.from([]), stdout, stderr, cwd: '/', env: process.env, signal };
  const sandbox = await openSandbox({ backend: 'auto', python: '/no/such/python' }, context);
  await sandbox.close();
  stderr.end();
  expect(sandbox.backend.name).toBe('pyodide');
  expect(await text(stderr)).toMatch(/^\/no\/such\/python is not used: native does not work here: /);
}, 60_000);
