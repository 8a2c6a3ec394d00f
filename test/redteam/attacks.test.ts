import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox } from '../../server/src/sandbox/create-sandbox.ts';
import type { Sandbox } from '../../server/src/sandbox/sandbox.ts';
import { readCall } from '../../server/src/values/literal-reader.ts';
import { backendsHere } from './backends.ts';
import { canary, canarySays } from './canary.ts';
import { readPrograms } from './read-program.ts';
import { told } from './told.ts';

const { signal } = new AbortController();
/** Shorter than the defaults: many attacks end only there. */
const limits = { cpuMs: 800, wallMs: 1_500 };
const attacks = readPrograms(path.join(import.meta.dirname, 'attacks'));

describe.each(await backendsHere())('%s holds against', (backend) => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await createSandbox({ backend, env: process.env }, signal);
  });
  afterAll(() => sandbox?.close());

  it.each(attacks)('$name', async ({ source, call, expected }) => {
    const read = readCall(call);
    if (!read.ok) throw new TypeError(`${call} is no call.`);
    const ran = await sandbox.run({ program: source, entry: 'f', call: read.value, limits }, signal);
    expect(told(ran)).toMatch(expected[backend]);
    expect(told(await sandbox.run(canary, signal))).toBe(canarySays);
  });
});
