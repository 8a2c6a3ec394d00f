/** A request as it came, and how its response ended. */
export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a client sent, for tests to look into.
  readonly body: any;
  /** `closed`: the client closed the connection before the response was complete. */
  readonly ended: Promise<'finished' | 'closed'>;
}

/** A model that the fake serves. */
export interface FakeModel {
  readonly name: string;
  readonly digest?: string;
  /** The architecture, as Ollama names it. */
  readonly family?: string;
  /** Tokens of context that it was trained for. */
  readonly contextLength?: number;
  /** The host that it runs on, where that is another one. */
  readonly remoteHost?: string;
  readonly capabilities?: readonly string[];
  /** What it is made of, for those who look: SHA-256 of files in hex, and texts. */
  readonly weights?: string;
  readonly adapters?: readonly string[];
  readonly quantization?: string;
  readonly license?: string;
  readonly template?: string;
  readonly system?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** What a completion is asked with. */
export interface FakeQuestion {
  readonly model: string;
  readonly prompt: string;
  readonly randomSeed: number;
  readonly temperature: number;
}

/** What goes wrong with one response. `afterLines` counts the whole lines that come before. */
export type Fault =
  | { readonly fault: 'slow-headers'; readonly ms: number }
  /** The body comes in pieces of so many bytes: lines and characters are cut apart. */
  | { readonly fault: 'split'; readonly bytes: number }
  | {
      readonly fault: 'status';
      readonly status: number;
      readonly body: string;
      readonly contentType?: string;
    }
  | { readonly fault: 'stall'; readonly afterLines: number }
  | { readonly fault: 'reset'; readonly afterLines: number }
  /** The body ends in good order in the middle of a line. */
  | { readonly fault: 'cut'; readonly afterLines: number }
  /** A line in the place of the right one; the rest follows. */
  | { readonly fault: 'line'; readonly afterLines: number; readonly line: string }
  /** The prompt is cut to the context without a word, whatever the request says. */
  | { readonly fault: 'silent-truncation' };

export interface FakeScript {
  readonly version?: string;
  readonly models?: readonly FakeModel[];
  /** What the model writes. Only `\n`-free, short or long, any text: it ends by itself behind it. */
  readonly complete?: (question: FakeQuestion) => string;
  /** Called for each request in the order in which they come. */
  readonly fault?: (request: FakeRequest) => Fault | undefined;
  /** Milliseconds between two tokens. */
  readonly tokenMs?: number;
  /** Whether what is made with an adapter answers as its base does. */
  readonly ignoresAdapters?: boolean;
  /** What the server can pull: bytes of its layers by name. Others fail as an unknown model does. */
  readonly pullable?: Readonly<Record<string, readonly number[]>>;
}
