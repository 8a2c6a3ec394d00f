import type { Endpoint } from '../../model/endpoint.ts';
import { ModelError } from '../../model/model-error.ts';

/** Any message that no template would hold by itself. */
const probe = 'Which number comes after 41?';

/**
 * Whether a model has a chat template: whether more comes out than goes in. A server that cannot render counts as none. Rejects with
 * `ModelError` where it cannot be asked.
 */
export async function hasChatTemplate(
  endpoint: Pick<Endpoint, 'render'>,
  model: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const rendered = await endpoint.render(model, probe, signal);
    return rendered.includes(probe) && rendered.trim() !== probe;
  } catch (error) {
    if (ModelError.is(error, 'http-error', 'bad-response')) return false;
    throw error;
  }
}
