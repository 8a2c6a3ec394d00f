import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import os from 'node:os';
import type { Writable } from 'node:stream';

export interface OllamaProcessOptions {
  readonly binary: string;
  /** As `ollamaHost` gives it; on loopback. */
  readonly host: string;
  /** Folder of models; Ollama's own where absent. */
  readonly models?: string | undefined;
  /** File for what it says. */
  readonly log: string;
}

/** A running `ollama serve` with its runners. */
export interface OllamaProcess {
  /** Resolves once it and its runners are gone. */
  readonly ended: Promise<void>;
  end(): void;
}

/**
 * Starts `ollama serve` at lower priority, so that it ends with this process, however this one ends: a small process beside
 * it holds the other end of a pipe from us and ends it, runners included, when the pipe closes.
 */
export function startOllama({ binary, host, models, log }: OllamaProcessOptions): OllamaProcess {
  const { hostname, port } = new URL(host);
  const env: NodeJS.ProcessEnv = {
    // One slot: the siblings of a group then find their prompt in its cache.
    OLLAMA_NUM_PARALLEL: '1',
    OLLAMA_MAX_LOADED_MODELS: '1',
    ...process.env,
    // What we started asks no other machine for answers.
    OLLAMA_NO_CLOUD: '1',
    OLLAMA_HOST: `${hostname}:${port}`,
    ...(models === undefined ? {} : { OLLAMA_MODELS: models }),
  };
  const output = openSync(log, 'w', 0o600);
  return process.platform === 'win32'
    ? startOnWindows(binary, env, output)
    : startWithShell(binary, env, output);
}

/**
 * The shell leads a session of its own: it, Ollama and the runners are one process group, of which nothing outlives Ollama.
 * A second shell waits for the end of the pipe, and kills after 4 s what has not ended by then.
 */
const lifeline = `exec 3<&0 </dev/null
nice -n 5 "$0" serve 3<&- & ollama=$!
( cat <&3 >/dev/null; trap '' TERM; kill -TERM 0; sleep 4; kill -KILL 0 ) &
exec 3<&-
trap '' TERM
wait "$ollama"; kill -KILL 0`;

function startWithShell(binary: string, env: NodeJS.ProcessEnv, output: number): OllamaProcess {
  const shell = spawn('/bin/sh', ['-c', lifeline, binary], {
    env,
    stdio: ['pipe', output, output],
    detached: true,
  });
  return running(shell, shell.stdin);
}

/** Ends the process of the number it is given, and that one's children, when its input ends. */
const windowsLifeline = `process.stdin.resume().on('close', () =>
  require('node:child_process').spawnSync('taskkill', ['/pid', process.argv[1], '/T', '/F']));`;

function startOnWindows(binary: string, env: NodeJS.ProcessEnv, output: number): OllamaProcess {
  const ollama = spawn(binary, ['serve'], { env, stdio: ['ignore', output, output], windowsHide: true });
  if (ollama.pid !== undefined) os.setPriority(ollama.pid, os.constants.priority.PRIORITY_BELOW_NORMAL);
  const beside = spawn(process.execPath, ['-e', windowsLifeline, String(ollama.pid)], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    windowsHide: true,
  });
  return running(ollama, beside.stdin);
}

function running(child: ReturnType<typeof spawn>, line: Writable | null): OllamaProcess {
  line?.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  return { ended, end: () => line?.end() };
}
