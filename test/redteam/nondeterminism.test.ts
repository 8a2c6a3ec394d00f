import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox } from '../../server/src/sandbox/create-sandbox.ts';
import type { Sandbox } from '../../server/src/sandbox/sandbox.ts';
import { readCall } from '../../server/src/values/literal-reader.ts';
import { backendsHere } from './backends.ts';
import { readPrograms } from './read-program.ts';
import { told } from './told.ts';

const { signal } = new AbortController();
const programs = readPrograms(path.join(import.meta.dirname, 'nondeterminism'));

describe.each(await backendsHere())('%s finds the drift of', (backend) => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await createSandbox({ backend, env: process.env }, signal);
  });
  afterAll(() => sandbox?.close());

  it.each(programs)('$name', async ({ source, call, expected }) => {
    const read = readCall(call);
    if (!read.ok) throw new TypeError(`${call} is no call.`);
    const verified = await sandbox.verify({ program: source, entry: 'f', call: read.value }, signal);
    expect(told(verified)).toMatch(expected[backend]);
  });
});
