import type { Endpoint, SampleRequest } from '../../server/src/model/endpoint.ts';

/** A model that answers each request as told; remembers what it was asked, and how many requests were with it at once. */
export function scriptedEndpoint(
  answer: (request: SampleRequest) => string,
): Endpoint & { readonly asked: SampleRequest[]; readonly most: () => number } {
  const asked: SampleRequest[] = [];
  let now = 0;
  let most = 0;
  const info = { name: 'm:latest', digest: 'd'.repeat(64), family: 'f', contextLength: 4096 };
  return {
    host: 'http://127.0.0.1:1',
    asked,
    most: () => most,
    probe: () => Promise.resolve({ state: 'ready', version: '1', host: '' }),
    model: () => Promise.resolve(info),
    models: () => Promise.resolve([info]),
    render: () => Promise.resolve(''),
    sample: async (request) => {
      asked.push(request);
      now += 1;
      most = Math.max(most, now);
      await new Promise(setImmediate);
      now -= 1;
      const text = answer(request);
      const tokens = [...text].map((character) => ({
        bytes: Buffer.from(character).toString('base64'),
        logprob: -1,
      }));
      return {
        text,
        tokens,
        finish: 'delimiter',
        promptCut: false,
        promptTokens: 10,
        completionTokens: tokens.length,
        promptMs: 1,
        completionMs: 2,
        wallMs: 3,
      };
    },
  };
}
