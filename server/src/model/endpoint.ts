import type { Finish, Sampling, Token } from '../../../protocol/group.ts';

/** What is known of a model that an endpoint serves. */
export interface ModelInfo {
  readonly name: string;
  /** Digest of the weights and template that this name means now. */
  readonly digest: string;
  readonly family: string;
  /** Tokens that the model was trained to take. */
  readonly contextLength: number;
}

/** Whether an endpoint can be used, and if not, why. */
export type Probe =
  | { readonly state: 'ready'; readonly version: string; readonly host: string }
  | {
      readonly state: 'refused' | 'unreachable' | 'too-old' | 'not-ollama';
      readonly host: string;
      readonly detail: string;
    };

/** One completion of one raw prompt. */
export interface SampleRequest {
  readonly model: string;
  /** The exact text, sent with `raw: true`. */
  readonly prompt: string;
  readonly sampling: Sampling;
  readonly randomSeed: number;
  /**
   * Where the answer ends: the sample keeps the token that brings the text to its end, and the request is closed.
   * Given the text so far, tells whether it is complete. No `stop` is ever sent.
   */
  readonly ends: (text: string) => boolean;
  /** A JSON schema that the sampler is kept to. The log-probabilities are then not those of what it chose from. */
  readonly format?: object;
}

export interface Sample {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly finish: Finish;
  /** The endpoint cut or shifted the prompt: nothing from it counts. */
  readonly promptCut: boolean;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly promptMs: number;
  readonly completionMs: number;
  /** Wall time of the whole request, milliseconds. */
  readonly wallMs: number;
}

/** A server of models: Ollama, or one that speaks OpenAI's protocol. */
export interface Endpoint {
  readonly host: string;
  probe(signal: AbortSignal): Promise<Probe>;
  /** Undefined where the endpoint has no such model. */
  model(name: string, signal: AbortSignal): Promise<ModelInfo | undefined>;
  models(signal: AbortSignal): Promise<readonly ModelInfo[]>;
  /** Rejects with `ModelError` (closed union `reason`), or `AbortError` when the signal fires; the socket is closed either way. */
  sample(request: SampleRequest, signal: AbortSignal): Promise<Sample>;
  /** The text that the model's own chat template makes of one user message, without generating. */
  render(model: string, message: string, signal: AbortSignal): Promise<string>;
  /** Waits for a slot and keeps it, where the endpoint shares itself out in slots. */
  reserve?(signal: AbortSignal): Promise<Slot>;
}

/** The place of one request at a time on a server, kept for a whole group, whose prompt then stays in that place's cache. */
export interface Slot {
  /** As the endpoint's; rejects with `Preempted` where a person's request came first. */
  sample(request: SampleRequest, signal: AbortSignal): Promise<Sample>;
  /** Gives the slot up. Nothing more is drawn with it. */
  release(): void;
  /** The model that each server this slot drew from has under a name now: equal digests only where it is one model. */
  models(name: string, signal: AbortSignal): Promise<readonly (ModelInfo | undefined)[]>;
}
