import fs from 'node:fs';
import os from 'node:os';
import type { RunMessage } from '../image.ts';
import { Interpreter } from './interpreter.ts';
import type { ImageMessage, ImageOptions } from './messages.ts';

/**
 * One image: a process that holds one interpreter and runs one program at a time. Started by `image.ts` with the options
 * as JSON, speaks over Node's channel to its parent, and ends when that closes.
 */

// Under Node's permissions Pyodide's file system would ask for this and be refused; it needs only the constants.
(process as unknown as { binding: unknown }).binding = () => ({
  fs: fs.constants,
  os: os.constants,
  ...os.constants,
});

process.on('disconnect', () => process.exit(0));

// The interpreter's environment names the program that runs it, and with it a place of this machine.
process.argv[1] = 'python';

const options = JSON.parse(process.argv[2] ?? '{}') as ImageOptions;
const interpreter = await Interpreter.load(options);
send({ type: 'ready', version: interpreter.version, python: interpreter.python, msPerLoop: calibrate() });

process.on('message', (message: RunMessage) => {
  const before = process.cpuUsage();
  const end = interpreter.run(message);
  const { user, system } = process.cpuUsage(before);
  send({ type: 'ended', number: message.number, end, cpuMs: (user + system) / 1000 });
  // An interpreter that trapped cannot be trusted with another program.
  if (end.type === 'trap') process.disconnect();
});

function send(message: ImageMessage): void {
  process.send?.(message);
}

/** Milliseconds that a fixed loop takes here: how fast this machine is now. */
function calibrate(): number {
  const program = 'def f(n):\n    total = 0\n    for i in range(n):\n        total += i\n    return total\n';
  const call = new TextEncoder().encode('(i186a0;)');
  const begun = performance.now();
  interpreter.run({
    number: 1,
    program,
    entry: 'f',
    call,
    mode: 'once',
    cpuMs: 10_000,
    wallMs: 10_000,
    memoryMb: 96,
  });
  return performance.now() - begun;
}
