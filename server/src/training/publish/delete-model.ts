import { asker } from '../../model/ask.ts';
import { ModelError } from '../../model/model-error.ts';
import { ollamaClients } from '../../model/ollama-client.ts';

/** How long a server may take to delete a model, milliseconds. */
const limitMs = 10_000;

/**
 * Deletes a model by its name; one that is not there is no error. It has a limit of its own instead of a caller's signal where it
 * clears up behind a caller that gave up. Rejects with `ModelError`.
 */
export async function deleteModel(
  name: string,
  host: string,
  signal: AbortSignal = AbortSignal.timeout(limitMs),
): Promise<void> {
  const ask = asker(host, ollamaClients(host));
  await ask((client) => client.delete({ model: name }), { parse: () => undefined }, limitMs, signal).catch(
    (error: unknown) => {
      if (!ModelError.is(error, 'model-missing')) throw error;
    },
  );
}
