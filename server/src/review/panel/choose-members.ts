import { hasChatTemplate } from '../../evaluation/calibration/chat-template.ts';
import type { Endpoint, ModelInfo } from '../../model/endpoint.ts';
import { ModelError } from '../../model/model-error.ts';

/** Members of a panel at most: each is loaded in turn, and more of them add little. */
export const mostMembers = 3;

/** A model of a panel; `chat`: it has a chat template. */
export interface Member extends ModelInfo {
  readonly frame: 'chat' | 'completion';
}

/** The models of a panel, or why there is none, with the one thing to do. */
export type Members =
  | { readonly ok: true; readonly members: readonly Member[] }
  | { readonly ok: false; readonly message: string };

/**
 * Two or three models of different families: those that are named, else of each family the first by name that can complete text.
 * Models of one family make the same mistakes, so that two of them are no second opinion. Rejects with `ModelError` where the
 * server cannot be asked.
 */
export async function chooseMembers(
  endpoint: Pick<Endpoint, 'models' | 'render'>,
  named: readonly string[],
  signal: AbortSignal,
): Promise<Members> {
  if (named.length === 1 || named.length > mostMembers)
    return no('Name two or three models, each of another family, or none.');
  const models = [...(await endpoint.models(signal))].sort((a, b) => (a.name < b.name ? -1 : 1));
  const candidates: ModelInfo[] = [];
  for (const name of named) {
    const found = models.find((model) => model.name === name || model.name === `${name}:latest`);
    if (found === undefined) return no(`Ollama has no model ${name}. Pull it: ollama pull ${name}`);
    candidates.push(found);
  }
  const families = new Map<string, Member>();
  for (const model of named.length > 0 ? candidates : models) {
    const { name, family } = model;
    const other = families.get(family);
    if (other !== undefined && named.length > 0)
      return no(`${other.name} and ${name} are both of the family ${family}. Name one model of each family.`);
    if (other !== undefined || families.size === mostMembers) continue;
    const frame = await frameOf(name, endpoint, signal);
    if (frame !== undefined) families.set(family, { ...model, frame });
    else if (named.length > 0) return no(`${name} cannot complete text. Name another model.`);
  }
  if (families.size >= 2) return { ok: true, members: [...families.values()] };
  const [only] = families.keys();
  const has = only === undefined ? 'none' : `${only} only`;
  return no(
    `A panel needs models of two families, and here is ${has}. Pull one of another: ollama pull ${only === 'gemma3' ? 'qwen3:4b' : 'gemma3:4b'}`,
  );
}

function no(message: string): Members {
  return { ok: false, message };
}

/** How a model is asked; undefined where it completes no text, as those that only embed it. */
async function frameOf(
  name: string,
  endpoint: Pick<Endpoint, 'render'>,
  signal: AbortSignal,
): Promise<Member['frame'] | undefined> {
  try {
    return (await hasChatTemplate(endpoint, name, signal)) ? 'chat' : 'completion';
  } catch (error) {
    if (ModelError.is(error, 'load-failed')) return undefined;
    throw error;
  }
}
