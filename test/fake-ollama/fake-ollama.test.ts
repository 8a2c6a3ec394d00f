import { afterAll, describe, expect, it } from 'vitest';
import { ollamaHost } from '../../server/src/model/ollama-host.ts';
import { exchanges, recordedModel } from './exchanges.ts';
import { startFakeOllama } from './fake-ollama.ts';
import { exchangeWith, type Recording, readRecording } from './recording.ts';
import { shapeOf } from './shape.ts';

const fake = await startFakeOllama({
  models: [{ name: recordedModel }],
  complete: ({ prompt }) =>
    prompt.includes('🦜') ? '\n🦜🦜 and so on and on and on and on and on' : 'Yes. It is',
});
afterAll(() => fake.close());

/** The last line of a stream has another shape than those before it. */
function shapes({ lines }: Recording): (readonly string[])[] {
  const kinds = [lines.slice(0, -1), lines.slice(-1)];
  return kinds.map((kind) => [...new Set(kind.flatMap((line) => [...shapeOf(line)]))].sort());
}

describe('the fake answers as the real one did', () => {
  it.each(exchanges)('$name', async ({ name }) => {
    const recorded = await readRecording(name);
    const faked = await exchangeWith(fake.host, recorded.exchange);
    expect(faked.status).toBe(recorded.status);
    expect(faked.contentType).toBe(recorded.contentType);
    if (name === 'show') {
      // The real one says more of a model than anybody reads.
      expect(shapes(recorded)[1]).toEqual(expect.arrayContaining([...(shapes(faked)[1] ?? [])]));
    } else expect(shapes(faked)).toEqual(shapes(recorded));
  });

  it('counts the token that ends a text, and only that one beyond what it sends', async () => {
    for (const host of [undefined, fake.host]) {
      const recorded = await readRecording('complete-to-the-end');
      const { lines } = host === undefined ? recorded : await exchangeWith(host, recorded.exchange);
      const sent = lines.flatMap((line) => (line as { logprobs?: unknown[] }).logprobs ?? []);
      expect(lines.at(-1)).toMatchObject({ done_reason: 'stop', eval_count: sent.length + 1 });
    }
  });
});

/** The server that the environment names, where it has the model that recordings are made with. */
async function realHosts(): Promise<string[]> {
  if (process.env['OLLAMA_HOST'] === undefined) return [];
  const host = ollamaHost(process.env);
  const tags = await exchangeWith(host, { name: 'tags', method: 'GET', path: '/api/tags' }).catch(
    () => undefined,
  );
  return JSON.stringify(tags?.lines ?? []).includes(`"${recordedModel}"`) ? [host] : [];
}

for (const host of await realHosts()) {
  describe(`${host} answers as the recordings do`, { timeout: 60_000 }, () => {
    it.each(exchanges)('$name', async ({ name }) => {
      const recorded = await readRecording(name);
      const now = await exchangeWith(host, recorded.exchange);
      expect(now.status).toBe(recorded.status);
      // Later versions may say more; a field that is gone or changed its type is what breaks us.
      for (const [index, shape] of shapes(recorded).entries()) {
        const known = name === 'show' ? shape.filter((path) => !path.startsWith('model_info')) : shape;
        expect(shapes(now)[index]).toEqual(expect.arrayContaining([...known]));
      }
    });
  });
}
