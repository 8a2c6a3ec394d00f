import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startFakeOllama } from '../../../test/fake-ollama/fake-ollama.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { type Creation, createFromFile } from './create-from-file.ts';
import { describeModel } from './describe-model.ts';

const never = new AbortController().signal;
const manner = {
  template: '<{{ .Prompt }}>',
  system: 'Be brief.',
  parameters: { stop: ['<end>', '<stop>'], temperature: 0.2 },
  messages: [],
};

async function server() {
  const { host, requests, close } = await startFakeOllama({ models: [] });
  onTestFinished(close);
  const file = path.join(await temporaryFolder(), 'model.gguf');
  await writeFile(file, 'GGUF');
  const create = (model: string, creation?: Creation) =>
    createFromFile(model, file, host, () => undefined, never, creation);
  const uploads = () =>
    requests.filter(({ method, path: to }) => method === 'POST' && to.includes('/blobs/'));
  return { host, create, uploads };
}

it('a file that the server has is not sent again, since Ollama breaks such an upload off', async () => {
  const { create, uploads } = await server();
  await create('one');
  await create('other');
  expect(uploads().length).toBe(1);
});

it('a model has the manner that it is given, and one that is an adapter of it takes that over', async () => {
  const { host, create } = await server();
  await create('whole', { manner, license: ['MIT'] });
  await create('adapted', { adapterOf: 'whole', license: ['ours'] });
  const whole = await describeModel('whole', host, never);
  expect(whole.manner).toMatchObject(manner);
  expect(whole.adapters).toEqual([]);
  const adapted = await describeModel('adapted', host, never);
  expect(adapted.manner).toEqual(whole.manner);
  expect(adapted.license).toBe('MIT\nours');
  expect(adapted.weights).toEqual(whole.weights);
  expect(adapted.adapters).toEqual(whole.weights);
});
