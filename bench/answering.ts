/**
 * `npm run bench:answering [-- --folder FOLDER --seconds N]`: how long the language server takes to answer while it mines a folder,
 * Python's own standard library where none is named. The bundled server in a process of its own, asked for the code lenses of an open
 * document every 25 ms: before mining, while files are indexed, and while programs run.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { mineFolder, statusNotification } from '../protocol/messages.ts';
import type { Status } from '../protocol/status.ts';

const { values } = parseArgs({
  options: { folder: { type: 'string' }, seconds: { type: 'string', default: '40' } },
});
const folder =
  values.folder ??
  execFileSync('python3', ['-c', 'import os; print(os.path.dirname(os.__file__))']).toString().trim();
const everyMs = 25;
const data = await mkdtemp(join(tmpdir(), 'autodidact-bench-'));
const program = fileURLToPath(new URL('../dist/server.mjs', import.meta.url));
const server = spawn(process.execPath, [program, '--stdio'], {
  env: { ...process.env, XDG_DATA_HOME: data, OLLAMA_HOST: 'http://127.0.0.1:9' },
  stdio: ['pipe', 'pipe', 'inherit'],
});
const connection = createProtocolConnection(
  new StreamMessageReader(server.stdout),
  new StreamMessageWriter(server.stdin),
);
let status: Status | undefined;
connection.onNotification(statusNotification.method, (now: Status) => {
  status = now;
});
connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => items.map(() => null));
connection.onRequest('client/registerCapability', () => null);
connection.onRequest('window/workDoneProgress/create', () => null);
connection.listen();
try {
  const uri = pathToFileURL(folder).href;
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: { workspace: { configuration: true, workspaceFolders: true } },
    workspaceFolders: [{ uri, name: 'bench' }],
    initializationOptions: { trusted: true },
  });
  await connection.sendNotification('initialized', {});
  const document = `${uri}/bench_of_answers.py`;
  const textDocument = { uri: document, languageId: 'python', version: 1, text: 'def f(x):\n    return x\n' };
  await connection.sendNotification('textDocument/didOpen', { textDocument });
  const before = await answers(document, 5_000, () => true);
  const mining = connection.sendRequest(mineFolder.method, { folder: uri }).catch(() => undefined);
  const isIndexing = () => status?.state !== 'mining' || status.seeds === 0;
  await sleep(100);
  const indexing = await answers(document, 30_000, isIndexing);
  const running = await answers(document, Number(values.seconds) * 1_000, () => true);
  console.log(`code lenses of an open document, asked every ${everyMs} ms while ${folder} is mined`);
  tell('nothing goes on', before);
  tell('files are indexed', indexing);
  tell('programs run', running);
  void mining;
} finally {
  connection.dispose();
  server.kill();
  await rm(data, { recursive: true, force: true });
}

/** Milliseconds that each answer takes, for so long or until something else goes on. */
async function answers(uri: string, forMs: number, goesOn: () => boolean): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + forMs;
  while (performance.now() < end && goesOn()) {
    const begun = performance.now();
    await connection.sendRequest('textDocument/codeLens', { textDocument: { uri } });
    times.push(performance.now() - begun);
    await sleep(everyMs);
  }
  return times;
}

function tell(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  console.log(
    `  ${what.padEnd(18)} ${String(sorted.length).padStart(5)} answers: ${at(0.5)} ms (median), ${at(0.99)} ms (p99), ${at(1)} ms (most)`,
  );
}
