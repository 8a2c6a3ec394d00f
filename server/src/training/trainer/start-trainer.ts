import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { asset } from '../../entry-point.ts';
import { orAborted } from '../../or-aborted.ts';
import type { Environment } from '../bearer-token.ts';
import { TrainerError } from './trainer-error.ts';

export interface StartTrainerOptions {
  readonly python: string;
  /** Where it keeps records and runs; made, private to its owner, where it is missing. One trainer at a time has it. */
  readonly data: string;
  /** The folder that Ollama keeps its models in. */
  readonly ollamaModels: string;
  readonly env: Environment;
  /** The folder that holds the package `autodidact_trainer`. */
  readonly package?: string;
  /** How long until it listens, milliseconds. */
  readonly startMs?: number;
}

/** A trainer of ours that listens on loopback. It ends with this process, however that ends. */
export interface StartedTrainer {
  readonly address: string;
  /** What its bearer token is looked up in. */
  readonly env: Environment;
  /** Resolves with what it said last, once it is gone. */
  readonly ended: Promise<string>;
  /** Fires with a `TrainerError` `ended` once it is gone, so that nobody waits for its answer. */
  readonly gone: AbortSignal;
  /** Ends it: at once where the signal that it was started with has fired, else after the step that it is taking. */
  close(): Promise<void>;
}

const Ready = z.object({
  service: z.literal('autodidact-trainer'),
  host: z.string(),
  port: z.number().int().positive().max(65_535),
});

const startMs = 60_000;
const longestReadyLine = 4_096;
/** How much of what it says is kept, characters. */
const keptWords = 4_096;

/** How long it may take to end by itself, and then after SIGTERM, milliseconds. What is cut off begins again at the next start. */
const graces = { gentle: [8_000, 2_000], atOnce: [500, 300] } as const;

/** What of the environment Python, torch and the system's libraries need. No token or proxy: it dials nobody. */
const passedOn = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'TMPDIR',
  'TMP',
  'TEMP',
  'SYSTEMROOT',
  'USERPROFILE',
  'LD_LIBRARY_PATH',
  'CUDA_VISIBLE_DEVICES',
  'OMP_NUM_THREADS',
];

/**
 * Starts our trainer as a child and waits until it listens. Rejects with `TrainerError` `no-start`, which holds its last words, or as the
 * signal says.
 */
export async function startTrainer(
  options: StartTrainerOptions,
  signal: AbortSignal,
): Promise<StartedTrainer> {
  const { python, data, ollamaModels, env } = options;
  signal.throwIfAborted();
  const token = randomBytes(32).toString('hex');
  const tokenFile = await writeToken(data, token);
  const args = ['-m', 'autodidact_trainer.service', '--with-parent', '--data', data];
  const child = spawn(python, [...args, '--ollama-models', ollamaModels, '--token-file', tokenFile], {
    cwd: data,
    env: environment(env, options.package ?? asset('trainer')),
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const running = watch(child);
  try {
    const { host, port } = await ready(child, running, options.startMs ?? startMs, signal);
    const gone = new AbortController();
    void running.ended.then((words) => gone.abort(endedEarly(words)));
    return {
      address: `http://${host}:${port}`,
      env: { AUTODIDACT_TRAINER_TOKEN: token },
      ended: running.ended,
      gone: gone.signal,
      close: () => end(child, running, signal.aborted ? graces.atOnce : graces.gentle),
    };
  } catch (error) {
    await end(child, running, graces.atOnce);
    throw error;
  }
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

interface Running {
  /** What it said last, bounded. */
  words(): string;
  readonly ended: Promise<string>;
}

/** A file that only its owner can read, new for each start. */
async function writeToken(data: string, token: string): Promise<string> {
  const file = path.join(data, 'token');
  try {
    await mkdir(data, { recursive: true, mode: 0o700 });
    await rm(file, { force: true });
    await writeFile(file, `${token}\n`, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new TrainerError('no-start', `${data} cannot be written to (${code}). Make it writable.`, {
      cause,
    });
  }
  return file;
}

function environment(env: Environment, modules: string): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => passedOn.includes(name.toUpperCase()));
  return {
    ...Object.fromEntries(kept),
    PYTHONPATH: modules,
    // Nothing is imported from where it stands, nor from elsewhere in the home.
    PYTHONSAFEPATH: '1',
    PYTHONNOUSERSITE: '1',
    PYTHONUTF8: '1',
    HF_HUB_OFFLINE: '1',
  };
}

function watch(child: Child): Running {
  let words = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    words = (words + text).slice(-keptWords);
  });
  // It may be gone before its input is closed.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, by) => resolve(`${words.trim()}\n(ended: ${by ?? code})`.trim()));
  });
  return { words: () => words, ended };
}

/** Its first line, which says where it listens. All that comes behind is thrown away. */
async function ready(
  child: Child,
  { words, ended }: Running,
  limitMs: number,
  signal: AbortSignal,
): Promise<z.infer<typeof Ready>> {
  const over = new AbortController();
  const line = new Promise<string>((resolve) => {
    let text = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (more: string) => {
      if (text.includes('\n') || text.length > longestReadyLine) return;
      text += more;
      if (text.includes('\n') || text.length > longestReadyLine) resolve(text.split('\n')[0] ?? '');
    });
  });
  const gone = ended.then((said) => {
    throw notStarted('The trainer ended before it was ready', said);
  });
  const late = wait(limitMs, undefined, { signal: over.signal }).then(() => {
    throw notStarted(`The trainer was not ready after ${limitMs / 1_000} s`, words());
  });
  try {
    const first = await orAborted(Promise.race([line, gone, late]), signal);
    const read = Ready.safeParse(json(first));
    if (read.success) return read.data;
    throw notStarted(`The trainer began with '${first.slice(0, 100)}' instead of its address`, words());
  } finally {
    over.abort();
    for (const loser of [gone, late]) loser.catch(() => undefined);
  }
}

/** How many lines of its last words a message holds. */
const toldLines = 6;

function notStarted(what: string, words: string): TrainerError {
  const said = words.trim() === '' ? '.' : `:\n${lastOf(words)}\n`;
  return new TrainerError(
    'no-start',
    `${what}${said} Check its Python environment (--trainer-python): it needs what trainer/requirements.txt names.`,
  );
}

function endedEarly(words: string): TrainerError {
  return new TrainerError('ended', `The trainer ended:\n${lastOf(words)}\nTrain again: it goes on.`);
}

function lastOf(words: string): string {
  return words.trim().split('\n').slice(-toldLines).join('\n');
}

/** Closes its input, which tells it to end; then asks, then insists. */
async function end(child: Child, { ended }: Running, [own, asked]: readonly [number, number]): Promise<void> {
  const endsWithin = async (ms: number) => {
    const timer = new AbortController();
    const over = wait(ms, false, { signal: timer.signal }).catch(() => false);
    const isGone = await Promise.race([ended.then(() => true), over]);
    timer.abort();
    return isGone;
  };
  child.stdin.end();
  if (await endsWithin(own)) return;
  child.kill('SIGTERM');
  if (await endsWithin(asked)) return;
  child.kill('SIGKILL');
  await ended;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
