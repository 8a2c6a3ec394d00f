import type { Endpoint } from './endpoint.ts';
import { ModelError } from './model-error.ts';
import { ollamaEndpoint } from './ollama.ts';
import { isLoopback, ollamaHost } from './ollama-host.ts';
import { openaiEndpoint } from './openai.ts';

/** A server of models as a person names it. */
export interface EndpointAddress {
  readonly kind: 'ollama' | 'openai';
  readonly host: string;
  /** Requests that it answers at once. */
  readonly slots: number;
  /** Environment variable that holds its API key. */
  readonly keyVariable: string | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

const example =
  'Write it, with 1 to 999 slots, as ollama+http://127.0.0.1:11434 or openai+http://127.0.0.1:8000/v1?slots=8&key=TEAM_KEY';

/** vLLM serves hundreds at once; this many groups keep it busy without a long queue of judging. */
const openaiSlots = 8;

/**
 * Reads `ollama+http://HOST[:PORT]` or `openai+https://HOST/v1`, with `?slots=N` (requests at once) and `&key=NAME` (the
 * environment variable with the API key; the key itself never stands there). An Ollama on this machine has as many slots
 * as `OLLAMA_NUM_PARALLEL` says, else one: Ollama tells nobody. Throws `bad-address`.
 */
export function readEndpointAddress(text: string, env: Env): EndpointAddress {
  const match = /^(ollama|openai)\+(https?:\/\/.+)$/.exec(text.trim());
  const [, kind, address] = match ?? [];
  if ((kind !== 'ollama' && kind !== 'openai') || address === undefined || !URL.canParse(address))
    throw badAddress(text);
  const url = new URL(address);
  const { searchParams } = url;
  const unknown = [...searchParams.keys()].find((name) => name !== 'slots' && name !== 'key');
  const keyVariable = searchParams.get('key') ?? undefined;
  const slots = searchParams.get('slots');
  const isVariable =
    keyVariable === undefined || (kind === 'openai' && /^[A-Z_][A-Z0-9_]*$/i.test(keyVariable));
  const isCount = slots === null || (/^\d{1,3}$/.test(slots) && Number(slots) > 0);
  // A password in an address would be stored with it.
  if (
    unknown !== undefined ||
    !isVariable ||
    !isCount ||
    url.username !== '' ||
    url.password !== '' ||
    url.hash !== ''
  )
    throw badAddress(text);
  const bare = `${url.protocol}//${url.host}${url.pathname}`.replace(/\/+$/, '');
  const host = kind === 'ollama' ? ollamaHost({ OLLAMA_HOST: bare }) : bare;
  const usual = kind === 'openai' ? openaiSlots : ollamaSlots(host, env);
  return { kind, host, slots: slots === null ? usual : Number(slots), keyVariable };
}

/** Requests that an Ollama answers at once: of this machine, as its own variable says; one where that says nothing, or it is elsewhere. */
export function ollamaSlots(host: string, env: Env): number {
  if (!isLoopback(host)) return 1;
  const named = env['OLLAMA_NUM_PARALLEL'] ?? '';
  return /^[1-9]\d{0,2}$/.test(named) ? Number(named) : 1;
}

/** The server at an address. Throws `bad-address` where its key's variable is not set. */
export function openEndpoint(
  { kind, host, keyVariable }: EndpointAddress,
  { env, remoteModels }: { readonly env: Env; readonly remoteModels: readonly string[] },
): Endpoint {
  if (kind === 'ollama') return ollamaEndpoint({ host, remoteModels });
  const apiKey = keyVariable === undefined ? undefined : env[keyVariable];
  if (keyVariable !== undefined && apiKey === undefined)
    throw new ModelError('bad-address', `The key of ${host} is to be in ${keyVariable}, which is not set.`);
  return openaiEndpoint({ host, apiKey, remoteModels });
}

function badAddress(text: string): ModelError {
  // What stands before an @ may be a password.
  const shown = text.replace(/\/\/[^/@]*@/, '//…@').slice(0, 200);
  return new ModelError('bad-address', `${shown} is no address of a server of models. ${example}`);
}
