import { asker } from './ask.ts';
import { defaultLimits, ollamaClients } from './ollama-client.ts';
import { DescriptionAnswer } from './ollama-wire.ts';
import { parseParameters } from './parameters.ts';

/** What a model has beside its weights: how a chat becomes a prompt, and how it is sampled where nothing else is asked for. */
export interface ModelManner {
  readonly template: string;
  readonly system: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly renderer?: string | undefined;
  readonly parser?: string | undefined;
  readonly requires?: string | undefined;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

/** A model as its server describes it. */
export interface ModelDescription {
  readonly manner: ModelManner;
  /** All its licence texts, one behind the other. */
  readonly license: string;
  /** How the weights are stored: `F16`, `Q4_1`; empty where the server does not say. */
  readonly quantization: string;
  readonly parameterCount: number | undefined;
  /** SHA-256 of the files that it is made of, 64 hex digits each. */
  readonly weights: readonly string[];
  readonly adapters: readonly string[];
  /** Where those files are, as a path on the server's machine. */
  readonly blobs: string | undefined;
}

/** Asks what a model is made of. Rejects with `ModelError`: `model-missing`, `bad-response` and what connecting can fail with. */
export async function describeModel(
  name: string,
  host: string,
  signal: AbortSignal,
): Promise<ModelDescription> {
  const ask = asker(host, ollamaClients(host));
  const answer = { parse: (said: unknown) => describe(DescriptionAnswer.parse(said)) };
  return ask((client) => client.show({ model: name }), answer, defaultLimits.answer, signal);
}

function describe(said: DescriptionAnswer): ModelDescription {
  const { template, system, renderer, parser, requires, messages } = said;
  const parameters = parseParameters(said.parameters);
  const files = filesOf(said.modelfile);
  const digests = (command: string) =>
    files.flatMap((file) => (file.command === command ? [file.digest] : []));
  const count = said.model_info['general.parameter_count'];
  return {
    manner: { template, system, parameters, renderer, parser, requires, messages: messages ?? [] },
    license: said.license,
    quantization: said.details.quantization_level,
    parameterCount: typeof count === 'number' ? count : undefined,
    weights: digests('FROM'),
    adapters: digests('ADAPTER'),
    blobs: files[0]?.folder,
  };
}

const fileLine = /^(FROM|ADAPTER) "?(.*)[\\/]sha256-([0-9a-f]{64})"?$/;

/** The files that a Modelfile begins with. What follows them is anybody's text, and is not looked at. */
function filesOf(modelfile: string): { command: string; folder: string; digest: string }[] {
  const files: { command: string; folder: string; digest: string }[] = [];
  for (const line of modelfile.split(/\r?\n/)) {
    if (line === '' || line.startsWith('#')) continue;
    const [, command, folder, digest] = fileLine.exec(line) ?? [];
    if (command === undefined || folder === undefined || digest === undefined) break;
    files.push({ command, folder, digest });
  }
  return files;
}
