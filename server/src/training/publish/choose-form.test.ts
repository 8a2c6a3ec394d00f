import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { ExportRequest } from '../../../../protocol/trainer.ts';
import { startFakeOllama } from '../../../../test/fake-ollama/fake-ollama.ts';
import type { FakeScript } from '../../../../test/fake-ollama/script.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import type { WeightsFile } from './candidate.ts';
import { formsFor, publishRound, RefusedForms } from './choose-form.ts';

const never = new AbortController().signal;
const base = { name: 'small:latest', digest: 'b'.repeat(64), quantization: 'F16' };
const round = { policy: 'lora', mostBytes: 1e9 } as const;
const told = (forms: readonly ExportRequest[]) => forms.map(({ form, type }) => `${form} ${type}`);

it('upon unquantised weights an adapter comes first, upon others last', () => {
  const of = (quantization: string) => told(formsFor({ quantization, parameterCount: 1e8 }, round));
  expect(of('F16')).toEqual(['adapter f32', 'merged f16', 'merged q8_0']);
  expect(of('Q4_K_M')).toEqual(['merged f16', 'merged q8_0', 'adapter f32']);
  expect(of('')).toEqual(of('Q4_K_M'));
});

it('what would be too large is left out, and of all weights there is no adapter', () => {
  const known = { quantization: 'Q4_1', parameterCount: 6e8 };
  expect(told(formsFor(known, round))).toEqual(['merged q8_0', 'adapter f32']);
  expect(told(formsFor(known, { ...round, policy: 'full' }))).toEqual(['merged q8_0']);
});

/** Publishes a round to a server of its own, twice, and tells what was exported for it and what came of it. */
async function publishedTwice(script: FakeScript) {
  const server = await startFakeOllama({ models: [base], ...script });
  onTestFinished(() => server.close());
  const folder = await temporaryFolder();
  const asked: ExportRequest[] = [];
  const exportAs = async (form: ExportRequest): Promise<WeightsFile> => {
    asked.push(form);
    const content = JSON.stringify(form);
    const file = path.join(folder, `${asked.length}.gguf`);
    await writeFile(file, content);
    return { ...form, path: file, sha256: createHash('sha256').update(content).digest('hex') };
  };
  const refused = new RefusedForms();
  const options = { host: server.host, tuned: true };
  const publish = () => publishRound(base, { ...round, exportAs }, refused, options, never);
  const made = [await publish(), await publish()];
  return { asked: told(asked), made: told(made.map(({ mark }) => mark)) };
}

it('an adapter that the server leaves out is tried once, and the whole model takes its place', async () => {
  const { asked, made } = await publishedTwice({ ignoresAdapters: true });
  expect(asked).toEqual(['adapter f32', 'merged f16', 'merged f16']);
  expect(made).toEqual(['merged f16', 'merged f16']);
});

it('so is one whose model cannot be loaded', async () => {
  const { asked } = await publishedTwice({
    fault: ({ path: where, body }) =>
      where === '/api/create' && body.adapters !== undefined
        ? { fault: 'line', afterLines: 0, line: '{"error":"unsupported architecture"}' }
        : undefined,
  });
  expect(asked).toEqual(['adapter f32', 'merged f16', 'merged f16']);
});

it('a server that is away is no reason to try another form', async () => {
  const failing = publishedTwice({
    fault: ({ path: where }) => (where === '/api/create' ? { fault: 'reset', afterLines: 0 } : undefined),
  });
  await expect(failing).rejects.toMatchObject({ reason: 'gone' });
});

it('a base that is gone is told, and nothing is exported', async () => {
  await expect(publishedTwice({ models: [] })).rejects.toMatchObject({ reason: 'base-changed' });
});

it('where no form is left the first failure is told', async () => {
  const failing = publishedTwice({
    fault: ({ path: where }) =>
      where === '/api/create'
        ? { fault: 'line', afterLines: 0, line: '{"error":"nothing works"}' }
        : undefined,
  });
  await expect(failing).rejects.toMatchObject({
    reason: 'form-refused',
    message: expect.stringContaining('adapter f32'),
  });
});
