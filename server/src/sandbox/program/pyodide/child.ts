import { zstdDecompressSync } from 'node:zlib';
import { agreedEnd } from '../agreed-end.ts';
import type { RunEnd, RunMessage } from '../image.ts';
import { Interpreter } from './interpreter.ts';
import type { FromImage, ImageOptions, ToImage } from './messages.ts';
import { startWatchdog } from './watchdog.ts';

/**
 * A process that holds interpreters and runs one program at a time, in each of them. Started by `PyodideImage` with its
 * options as JSON, speaks over Node's channel to its parent, and ends when that closes.
 */

process.on('disconnect', () => process.exit(0));

const options = JSON.parse(process.argv[2] ?? '{}') as ImageOptions;
const clock = startWatchdog(options.watchdog);
const interpreters: Interpreter[] = [];

process.on('message', (message: ToImage) => {
  if (message.type === 'load') void load(message.snapshots);
  else run(message.run);
});

async function load(snapshots: readonly Uint8Array[]): Promise<void> {
  for (const [index, variant] of options.variants.entries()) {
    const snapshot = zstdDecompressSync(snapshots[index] ?? new Uint8Array());
    interpreters.push(await Interpreter.load({ ...options, variant, snapshot, clock }));
  }
  const [first] = interpreters;
  if (first !== undefined) send({ type: 'ready', version: first.version, python: first.python });
}

function run(message: RunMessage): void {
  const before = process.cpuUsage();
  const ends: RunEnd[] = [];
  for (const [index, interpreter] of interpreters.entries()) {
    // The one thing that is the process's own.
    if (interpreters.length > 1) process.env['TZ'] = options.variants[index]?.timeZone;
    const end = interpreter.run(message);
    ends.push(end);
    if (end.type !== 'frame') break;
  }
  const { user, system } = process.cpuUsage(before);
  const [first = { type: 'drifts' }, ...others] = ends;
  const end = agreedEnd([first, ...others]);
  // An interpreter that trapped cannot be trusted with another program, and one that grew never shrinks.
  const last = end.type === 'trap' || interpreters.some((interpreter) => interpreter.isBloated);
  send({ type: 'ended', number: message.number, end, cpuMs: (user + system) / 1000, last });
  if (last) process.disconnect();
}

function send(message: FromImage): void {
  process.send?.(message);
}
