import type { Backend, Limits } from '../../../protocol/sandbox.ts';
import type { Call, Value } from '../values/value.ts';

/** One execution: source and call in, value out. The sandbox never holds an expected output. */
export interface Execution {
  readonly program: string;
  readonly entry: string;
  readonly call: Call;
  readonly limits?: Partial<Limits>;
  /** A person waits for it, or a model in the middle of an attempt: goes before everything queued. */
  readonly urgent?: boolean;
}

/** How an execution ended. A closed union: nothing is decided by text. */
export type Result =
  | { readonly outcome: 'ok'; readonly value: Value }
  /** `type` is the exception's builtin type name; of another type, the nearest builtin base's. */
  | { readonly outcome: 'exception'; readonly type: string }
  /** The value holds something outside of our grammar, or more of it than the budget allows. */
  | { readonly outcome: 'unencodable'; readonly what: string }
  | { readonly outcome: 'limit'; readonly limit: 'cpu' | 'wall' | 'memory' | 'output' }
  | { readonly outcome: 'violation'; readonly what: string }
  | { readonly outcome: 'crash'; readonly signal: string }
  | { readonly outcome: 'refused'; readonly reason: 'bad-record' | 'syntax' | 'no-entry' | 'arguments' };

export type Ran = Result & { readonly cpuMs: number };

/** What a call executed of its program. */
export interface Trace {
  /** How many lines, each as often as it ran. */
  readonly steps: number;
  /** Which lines, ascending: tells whether two calls take the same branches. */
  readonly lines: readonly number[];
}

/** What `verify` found: the same result from every image and from a second call in one process, or not. */
export type Verified = Ran | { readonly outcome: 'drifts'; readonly cpuMs: number };

/** What runs programs, and why that, for a person. */
export function tellSandbox({ backend: { name, version, python }, choice }: Sandbox): string {
  return `${name} ${version}, Python ${python} (${choice})`;
}

/** Runs untrusted Python. One interface for all backends; each call is isolated from every other one. */
export interface Sandbox {
  readonly backend: Backend;
  /** Why this backend and not another, for a person. */
  readonly choice: string;
  /** Names of modules at the top of installed packages that programs can import beside the standard library; mostly none. */
  readonly packages: ReadonlySet<string>;
  /** Runs once. Rejects only when aborted (`AbortError`) or when the sandbox itself is broken (`SandboxError`). */
  run(execution: Execution, signal: AbortSignal): Promise<Ran>;
  /** Runs each, in order of the input; shares what can be shared. */
  runBatch(executions: readonly Execution[], signal: AbortSignal): Promise<Ran[]>;
  /** Runs in differing images (hash seed, clock, time zone, environment) and twice in one; equal results only count. */
  verify(execution: Execution, signal: AbortSignal): Promise<Verified>;
  /** What this call executes of `program`; nothing where it ends by force. */
  trace(execution: Execution, signal: AbortSignal): Promise<Trace>;
  /** As `trace`, with what the program executes before the call: everything without which it would not be the same. */
  cover(execution: Execution, signal: AbortSignal): Promise<Trace>;
  /** How many programs may run at once, so that others get processors, too; 0 holds all that is not urgent. All of them at first. */
  share(programsAtOnce: number): void;
  /** A canary run: resolves to true when results are right. */
  health(signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}
