import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';

/** What the program does besides being there: serve as version 0.17.4, serve as an old one, or end with a complaint. */
export type FakeProgramKind = 'serves' | 'too-old' | 'ends';

/**
 * An executable `ollama` in a folder of its own that serves its version as the real one does, and has a child, as the real
 * one has a runner. The child ignores SIGTERM. Both note their number, and the program what it was started with.
 */
export async function fakeOllamaProgram(folder: string, kind: FakeProgramKind): Promise<FakeProgram> {
  const bin = path.join(folder, `bin-${kind}`);
  await mkdir(bin, { recursive: true });
  const started = path.join(bin, 'started.ndjson');
  const version = kind === 'too-old' ? '0.5.0' : '0.17.4';
  const program = `#!${process.execPath}
const { appendFileSync } = require('node:fs');
const { spawn } = require('node:child_process');
if (${JSON.stringify(kind)} === 'ends') { console.error('Error: it cannot work here'); process.exit(1); }
const stubborn = "process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000)";
const runner = spawn(process.execPath, ['-e', stubborn], { stdio: 'ignore' });
const { OLLAMA_HOST, OLLAMA_MODELS, OLLAMA_NUM_PARALLEL, OLLAMA_NO_CLOUD } = process.env;
const env = { OLLAMA_HOST, OLLAMA_MODELS, OLLAMA_NUM_PARALLEL, OLLAMA_NO_CLOUD };
const nice = require('node:os').getPriority();
const record = { pids: [process.pid, runner.pid], args: process.argv.slice(2), nice, env };
appendFileSync(${JSON.stringify(started)}, JSON.stringify(record) + '\\n');
const [host, port] = OLLAMA_HOST.split(':');
require('node:http')
  .createServer((request, response) => response.end(JSON.stringify({ version: ${JSON.stringify(version)} })))
  .listen(Number(port), host);
`;
  const binary = path.join(bin, 'ollama');
  await writeFile(binary, program);
  await chmod(binary, 0o755);
  return {
    binary,
    folder: bin,
    starts: async () =>
      (await readFile(started, 'utf8').catch(() => ''))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
  };
}

export interface FakeProgram {
  readonly binary: string;
  readonly folder: string;
  /** Each time that it was started. */
  starts(): Promise<readonly FakeStart[]>;
}

export interface FakeStart {
  /** Of the program and of its child. */
  readonly pids: readonly number[];
  readonly args: readonly string[];
  readonly nice: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
