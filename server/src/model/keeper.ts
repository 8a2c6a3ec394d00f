import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, rmSync } from 'node:fs';
import net from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type KeeperNews, KeeperOptions, keepRequest } from './keeper-protocol.ts';
import { ollamaEndpoint } from './ollama.ts';

/**
 * The keeper: a process that starts one Ollama for all of our processes and ends it with the last of them. A client holds
 * a connection; the system closes it when the client dies, however it dies. Started with `KeeperOptions` as JSON.
 */

/** How long nobody may be connected before it all ends, and how long Ollama may take to answer or to end. */
const graceMs = 1_500;
const startMs = 60_000;
const endMs = 4_000;

const options = KeeperOptions.parse(JSON.parse(process.argv[2] ?? '{}'));
const clients = new Set<net.Socket>();
let keep = false;
let news: KeeperNews | undefined;
let leaving: NodeJS.Timeout | undefined;

const server = net.createServer((socket) => {
  clients.add(socket);
  clearTimeout(leaving);
  socket.setEncoding('utf8');
  socket.on('data', (said) => {
    if (String(said).includes(keepRequest)) keep = true;
  });
  const left = () => {
    clients.delete(socket);
    leaveSoon();
  };
  socket.on('close', left);
  socket.on('error', left);
  if (news !== undefined) tell(socket, news);
});
// A second keeper for the same address finds the socket taken and leaves; its clients come to the first one.
server.on('error', () => process.exit(0));
server.listen(options.socket, () => void begin());

async function begin(): Promise<void> {
  const ollama = startOllama(options);
  const end = () => void endOllama(ollama).then(() => process.exit(0));
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
  ollama.once('exit', (code) => {
    announce({ state: 'failed', detail: `Ollama ended with code ${code}; its log is ${options.log}` });
    void wait(100).then(() => process.exit(1));
  });
  leaveSoon();
  announce(await becomesReady());

  async function becomesReady(): Promise<KeeperNews> {
    const endpoint = ollamaEndpoint({ host: options.host });
    const { signal } = new AbortController();
    for (const giveUp = Date.now() + startMs; Date.now() < giveUp; await wait(100)) {
      if ((await endpoint.probe(signal)).state === 'ready') return { state: 'ready' };
    }
    return {
      state: 'failed',
      detail: `Ollama did not answer within ${startMs / 1000} s; its log is ${options.log}`,
    };
  }
}

function startOllama({ binary, host, models, log }: KeeperOptions): ChildProcess {
  const { hostname, port } = new URL(host);
  const output = openSync(log, 'w', 0o600);
  const env = {
    // One slot: the siblings of a group then find their prompt in the cache.
    OLLAMA_NUM_PARALLEL: '1',
    OLLAMA_MAX_LOADED_MODELS: '1',
    ...process.env,
    OLLAMA_HOST: `${hostname}:${port}`,
    ...(models === undefined ? {} : { OLLAMA_MODELS: models }),
  };
  if (process.platform === 'win32') {
    return spawn(binary, ['serve'], { env, stdio: ['pipe', output, output], windowsHide: true });
  }
  // The shell ends Ollama, its runners included, when our end of its input closes: also when the keeper was killed. They
  // all are one process group, because the shell leads a session of its own.
  const script = `exec 3<&0; nice -n 5 "$0" serve 3<&- </dev/null & pid=$!
    (while kill -0 "$pid" 2>/dev/null; do sleep 0.5; done; kill -TERM $$ 2>/dev/null) 3<&- </dev/null &
    cat <&3 >/dev/null; trap '' TERM; kill -TERM 0
    for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do kill -0 "$pid" 2>/dev/null || break; sleep 0.2; done
    kill -KILL 0`;
  return spawn('/bin/sh', ['-c', script, binary], { env, stdio: ['pipe', output, output], detached: true });
}

async function endOllama(ollama: ChildProcess): Promise<void> {
  if (process.platform !== 'win32') removeSocket();
  if (ollama.exitCode !== null || ollama.signalCode !== null) return;
  const ended = new Promise((resolve) => ollama.removeAllListeners('exit').once('exit', resolve));
  if (process.platform === 'win32') ollama.kill();
  else ollama.stdin?.end();
  await Promise.race([ended, wait(endMs)]);
}

/** Ends everything when nobody comes back within the grace time. */
function leaveSoon(): void {
  clearTimeout(leaving);
  leaving = setTimeout(() => {
    if (clients.size === 0 && !keep) process.kill(process.pid, 'SIGTERM');
  }, graceMs);
}

function announce(known: KeeperNews): void {
  news = known;
  for (const client of clients) tell(client, known);
}

function tell(client: net.Socket, known: KeeperNews): void {
  client.write(`${JSON.stringify(known)}\n`);
}

function removeSocket(): void {
  rmSync(options.socket, { force: true });
}
