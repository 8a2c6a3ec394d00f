import type { Endpoint, Sample, SampleRequest } from './endpoint.ts';
import { ModelError } from './model-error.ts';
import { gateOf } from './priority-gate.ts';

/**
 * Asks for a person, who waits: the server that has least to do ends what it draws for self-play or mining, at the socket,
 * and answers this first. `onText` gets the text so far with each token. A server that cannot be asked is passed over for
 * the next one. Rejects with the last one's `ModelError`, or as the signal says.
 */
export async function askNow(
  endpoints: readonly Endpoint[],
  request: SampleRequest,
  onText: (text: string) => void,
  signal: AbortSignal,
): Promise<Sample> {
  const ends = (text: string) => {
    onText(text);
    return request.ends(text);
  };
  const running = ({ host }: Endpoint) => gateOf(host).batchRunning;
  let failure = new ModelError('unreachable', 'No server of models is named.');
  for (const endpoint of [...endpoints].sort((one, other) => running(one) - running(other))) {
    try {
      return await gateOf(endpoint.host).person(() => endpoint.sample({ ...request, ends }, signal));
    } catch (error) {
      if (!ModelError.is(error) || error.reason === 'prompt-too-long') throw error;
      failure = error;
    }
  }
  throw failure;
}
