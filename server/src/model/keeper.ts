import { readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { takeKeeperLock } from './keeper-lock.ts';
import { type KeeperNews, KeeperOptions, keepRequest } from './keeper-protocol.ts';
import { ollamaEndpoint } from './ollama.ts';
import { startOllama } from './ollama-process.ts';

/**
 * The keeper: a process that starts one Ollama for all of our processes and ends it with the last of them. A client holds
 * a connection; the system closes it when the client dies, however it dies. Started with `KeeperOptions` as JSON. Exits
 * with 0 when it is done, or where another keeper of the same address runs.
 */

/** How long nobody may be connected before it all ends, and how long Ollama may take to answer or to end; milliseconds. */
const graceMs = 1_500;
const startMs = 60_000;
const endMs = 6_000;

const options = KeeperOptions.parse(JSON.parse(process.argv[2] ?? '{}'));
const lock = takeKeeperLock(options.lock);
if (lock === undefined) process.exit(0);

const ollama = startOllama(options);
const clients = new Set<net.Socket>();
const ending = new AbortController();
let keep = false;
let news: KeeperNews | undefined;
let leaving: NodeJS.Timeout | undefined;

// We hold the lock: a socket that lies there is of a keeper that was killed.
removeSocket();
const server = net.createServer(welcome);
server.listen(options.socket);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end());
void ollama.ended.then(() => {
  announce({ state: 'failed', detail: `it ended: ${lastWords()}` });
  void end();
});
leaveSoon();
const known = await becomesReady();
announce(known);
if (known.state === 'failed') await end();

function welcome(client: net.Socket): void {
  clients.add(client);
  clearTimeout(leaving);
  client.setEncoding('utf8').on('data', (said) => {
    if (String(said).includes(keepRequest)) keep = true;
  });
  client.on('error', () => client.destroy());
  client.on('close', () => {
    clients.delete(client);
    leaveSoon();
  });
  if (news !== undefined && !ending.signal.aborted) tell(client, news);
}

/** Ends everything when nobody comes back within the grace time. */
function leaveSoon(): void {
  clearTimeout(leaving);
  leaving = setTimeout(() => {
    if (clients.size === 0 && !keep) void end();
  }, graceMs);
}

async function becomesReady(): Promise<KeeperNews> {
  const endpoint = ollamaEndpoint({ host: options.host });
  const patience = AbortSignal.timeout(startMs);
  const signal = AbortSignal.any([patience, ending.signal]);
  try {
    for (;;) {
      const probe = await endpoint.probe(signal);
      if (probe.state === 'ready') return { state: 'ready' };
      if (probe.state === 'too-old' || probe.state === 'not-ollama')
        return { state: 'failed', detail: probe.detail };
      await wait(100, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    return { state: 'failed', detail: `it did not answer within ${startMs / 1000} s: ${lastWords()}` };
  }
}

/** Tells the clients what became of Ollama; only the first news counts. */
function announce(found: KeeperNews): void {
  if (news !== undefined) return;
  news = found;
  for (const client of clients) tell(client, found);
}

function tell(client: net.Socket, found: KeeperNews): void {
  const line = `${JSON.stringify(found)}\n`;
  if (found.state === 'failed') client.end(line);
  else client.write(line);
}

async function end(): Promise<void> {
  if (ending.signal.aborted) return;
  ending.abort();
  server.close();
  removeSocket();
  ollama.end();
  await Promise.race([ollama.ended, wait(endMs)]);
  lock?.release();
  process.exit(0);
}

function removeSocket(): void {
  if (process.platform !== 'win32') rmSync(options.socket, { force: true });
}

/** The last line of Ollama's log, and where the rest is. */
function lastWords(): string {
  const lines = readFileSync(options.log, 'utf8').trimEnd().split('\n');
  return `${(lines.at(-1) ?? '').slice(-300)} (its log is ${options.log})`;
}
