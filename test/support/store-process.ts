import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** What another process does to a store (store-process-main.ts): each tells on stdout what it has done, one line each. */
export type StoreWork =
  /** Opens the store, says `open`, and stays. */
  | 'open'
  /** Commits groups without end, with tasks and a place in the outbox, and prints each id once it is acknowledged. */
  | 'commit'
  /** Takes the lease (`held` or `refused PID`), renews it every 100 ms, and says `lost` when it is gone. */
  | 'lease'
  /** The same, from whoever holds it. */
  | 'take-over'
  /** Writes one note and closes the store. */
  | 'note';

export interface StoreProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** Lines that it has printed so far. */
  readonly lines: readonly string[];
  /** Resolves when it has ended, to its exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Starts another process on a store. It is killed when the test ends. */
export function storeProcess(path: string, work: StoreWork): StoreProcess {
  const main = fileURLToPath(new URL('./store-process-main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, path, work], { stdio: 'pipe' });
  const lines: string[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(line));
  createInterface(child.stderr).on('line', (line) => lines.push(`stderr: ${line}`));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, lines, ended };
}
