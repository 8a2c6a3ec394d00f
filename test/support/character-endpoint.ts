import type { Endpoint, Sample, SampleRequest } from '../../server/src/model/endpoint.ts';
import { scriptedEndpoint } from './scripted-endpoint.ts';

/**
 * A model whose tokens are characters, and which says what it is told to each request until the answer ends, its tokens are used up
 * (`length`) or there is no more (`end`), as real servers do.
 */
export function characterEndpoint(
  say: (request: SampleRequest) => string,
  change: Partial<Sample> = {},
): Endpoint & { readonly asked: SampleRequest[] } {
  const endpoint = scriptedEndpoint(() => '');
  return {
    ...endpoint,
    sample: async (request, signal) => {
      signal.throwIfAborted();
      const base = await endpoint.sample(request, signal);
      let text = '';
      let finish: Sample['finish'] = 'end';
      for (const character of say(request)) {
        text += character;
        if (request.ends(text)) finish = 'delimiter';
        else if ([...text].length === request.sampling.numPredict) finish = 'length';
        if (finish !== 'end') break;
      }
      const tokens = [...text].map((character, index) => ({
        bytes: Buffer.from(character).toString('base64'),
        logprob: -0.5 - index / 1_000,
      }));
      const promptTokens = [...request.prompt].length;
      return { ...base, text, tokens, finish, promptTokens, completionTokens: tokens.length, ...change };
    },
  };
}
