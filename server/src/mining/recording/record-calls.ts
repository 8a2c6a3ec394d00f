import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { cacheFolder } from '../../cache-folder.ts';
import { asset } from '../../entry-point.ts';
import { SandboxError } from '../../sandbox/sandbox-error.ts';
import { createWorkspaceSandbox } from '../../sandbox/workspace/create-workspace-sandbox.ts';
import type { WorkspaceRan, WorkspaceSandbox } from '../../sandbox/workspace/workspace-sandbox.ts';
import type { FindOptions } from '../files/find-files.ts';
import { readSource } from '../files/read-source.ts';
import { RecordedCall, readRecording } from './recording.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';

export interface RecordOptions extends FindOptions {
  /** The folder's Python files, and its test files among them; paths within it. */
  readonly files: readonly string[];
  readonly tests: readonly string[];
  /** The folder's own interpreter, with what its tests need: a name or a path. */
  readonly python: string;
  readonly env: NodeJS.ProcessEnv;
  readonly maxFileBytes: number;
  /** For all test files together, by the clock. What is left then is run the next time. With none, only what is kept is given. */
  readonly budgetMs: number;
}

/** What running one test file came to. */
export interface Recorded {
  readonly test: string;
  readonly calls: readonly RecordedCall[];
  /** Why it was not run to its end; undefined where it was. */
  readonly problem?: string;
  /** Whether there was no time for it. */
  readonly isLeft?: true;
}

/** A test file that takes longer is ended; what it called until then is kept. */
const limits = { wallMs: 60_000, cpuMs: 60_000, resultBytes: 16 * 2 ** 20 };

/**
 * Runs each test file of a folder once, in the sandbox for workspaces, and gives the calls that it made. What was run is kept: it
 * is not run again until some Python file of the folder changes. Never rejects but for an abort.
 */
export async function* recordCalls(options: RecordOptions, signal: AbortSignal): AsyncGenerator<Recorded> {
  const kept = await keptRecordings(options, signal);
  const missing: string[] = [];
  for (const test of options.tests) {
    const known = await kept.read(test);
    if (known === undefined || (known.isOld && options.budgetMs > 0)) missing.push(test);
    else yield { test, ...known.recorded };
  }
  if (missing.length === 0 || options.budgetMs === 0) return;
  let sandbox: WorkspaceSandbox;
  let snapshot: Snapshot;
  try {
    sandbox = await createWorkspaceSandbox(options, signal);
    snapshot = await takeSnapshot(options, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!SandboxError.is(error) && !(error instanceof Error)) throw error;
    for (const test of missing) yield { test, calls: [], problem: error.message };
    return;
  }
  try {
    const end = performance.now() + options.budgetMs;
    for (const test of missing) {
      if (performance.now() > end) {
        yield {
          test,
          calls: [],
          problem: 'no time was left for it; mining again goes on with it',
          isLeft: true,
        };
        continue;
      }
      const ran = await sandbox.run(await commandOf(snapshot, test, end - performance.now()), signal);
      const problem = problemOf(ran);
      const recorded = { calls: readRecording(ran.result), ...(problem === undefined ? {} : { problem }) };
      await kept.write(test, recorded);
      yield { test, ...recorded };
    }
    await kept.prune();
  } finally {
    await snapshot.remove();
  }
}

async function commandOf({ folder }: Snapshot, test: string, leftMs: number) {
  const [recorder, makings] = await recorderSources();
  return {
    snapshot: folder,
    args: ['-c', `import recorder; recorder.main(${JSON.stringify(test)})`],
    modules: { recorder, makings },
    limits: { ...limits, wallMs: Math.min(limits.wallMs, Math.max(1_000, leftMs)) },
  };
}

/** The two modules that record, as text. */
async function recorderSources(): Promise<readonly [recorder: string, makings: string]> {
  return [await readFile(asset('recorder.py'), 'utf8'), await readFile(asset('makings.py'), 'utf8')];
}

function problemOf(ran: WorkspaceRan): string | undefined {
  if (ran.outcome === 'limit') return `ended after too much of ${ran.limit}`;
  if (ran.outcome === 'crash') return `crashed: ${ran.signal}`;
  if (ran.code === 0) return undefined;
  const lines = ran.printed.trim().split('\n');
  const last =
    lines.findLast((line) => /^(E +)?[\w.]*(Error|Exception|Warning)\b/.test(line)) ?? lines.at(-1) ?? '';
  return `ended with ${ran.code}: ${last.replace(/^E +/, '').slice(0, 200)}`;
}

type Known = Omit<Recorded, 'test'>;

const Kept = z.object({ state: z.string(), calls: z.array(RecordedCall), problem: z.string().optional() });

interface KeptRecordings {
  /** What was recorded last; `isOld` where some Python file has changed since. */
  read(test: string): Promise<{ readonly recorded: Known; readonly isOld: boolean } | undefined>;
  write(test: string, recorded: Known): Promise<void>;
  /** Removes what was recorded of tests that are gone. */
  prune(): Promise<void>;
}

/** What was recorded of a folder, in the cache: one file for each test file. */
async function keptRecordings(
  { folder, files, tests, python, env, maxFileBytes }: RecordOptions,
  signal: AbortSignal,
): Promise<KeptRecordings> {
  const hash = createHash('sha256').update(python);
  for (const source of await recorderSources()) hash.update(source);
  for (const file of [...files].sort()) {
    const read = await readSource(join(folder, file), maxFileBytes, signal);
    hash.update(`${file}\0${read.ok ? read.source.hash : read.loss}\n`);
  }
  const state = hash.digest('hex');
  const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);
  const place = join(cacheFolder(env), 'recordings', digest(folder));
  const nameOf = (test: string) => `${digest(test)}.json`;
  return {
    async read(test) {
      const text = await readFile(join(place, nameOf(test)), 'utf8').catch(() => undefined);
      const known = Kept.safeParse(text === undefined ? undefined : parsed(text));
      if (!known.success) return undefined;
      const { calls, problem } = known.data;
      const recorded = { calls, ...(problem === undefined ? {} : { problem }) };
      return { recorded, isOld: known.data.state !== state };
    },
    async write(test, recorded) {
      try {
        await mkdir(place, { recursive: true, mode: 0o700 });
        const file = join(place, nameOf(test));
        await writeFile(`${file}.new`, JSON.stringify({ state, ...recorded }), { mode: 0o600 });
        await rename(`${file}.new`, file);
      } catch {
        // Without a cache it is run again the next time.
      }
    },
    async prune() {
      const current = new Set(tests.map(nameOf));
      for (const name of await readdir(place).catch(() => [])) {
        if (!current.has(name)) await rm(join(place, name), { force: true });
      }
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
