import type { Backend } from '../../../../protocol/sandbox.ts';

/** Bounds of one run over a workspace. Units are in the names. */
export interface WorkspaceLimits {
  /** By the clock, for everything that the command starts. */
  readonly wallMs: number;
  /** Of each process. */
  readonly cpuMs: number;
  readonly memoryMb: number;
  /** Processes and threads at once. */
  readonly processes: number;
  /** Of the private `/tmp`, which is memory. */
  readonly tmpMb: number;
  readonly resultBytes: number;
}

/** One command of a workspace's own Python, over a snapshot. */
export interface WorkspaceCommand {
  /** Folder that holds the snapshot. The command stands in it as `/workspace` and cannot write there. */
  readonly snapshot: string;
  /** What the interpreter is given: `['-m', 'unittest']`. */
  readonly args: readonly string[];
  /** Python modules of ours that it can import, by name: what records, what reports. */
  readonly modules?: Readonly<Record<string, string>>;
  readonly limits?: Partial<WorkspaceLimits>;
}

/** How a command ended. A closed union: nothing is decided by text. */
export type WorkspaceEnd =
  | { readonly outcome: 'exited'; readonly code: number }
  | { readonly outcome: 'limit'; readonly limit: 'cpu' | 'wall' | 'output' }
  | { readonly outcome: 'crash'; readonly signal: string };

export type WorkspaceRan = WorkspaceEnd & {
  /** What it wrote into the file that the environment calls `AUTODIDACT_RESULT`. Hostile: to be parsed as such. */
  readonly result: Uint8Array;
  /** The last that it printed, at most 64 KiB. For a person, never to be decided by. */
  readonly printed: string;
  readonly wallMs: number;
};

/**
 * Runs commands over snapshots of a workspace: its tests, its scripts. They see the snapshot and their interpreter, read-only,
 * and a `/tmp` and `/proc` of their own; no network, no other file of the machine, no environment. Linux with bubblewrap only.
 */
export interface WorkspaceSandbox {
  /** What isolates and what runs. */
  readonly backend: Backend;
  /** Runs one command. Rejects only when aborted (`AbortError`) or when the sandbox itself is broken (`SandboxError`). */
  run(command: WorkspaceCommand, signal: AbortSignal): Promise<WorkspaceRan>;
}
