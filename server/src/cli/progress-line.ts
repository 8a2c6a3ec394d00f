import type { Writable } from 'node:stream';
import { createLogUpdate } from 'log-update';

/** How often a line is written where nothing can be overwritten (a log file), milliseconds. */
const logIntervalMs = 15_000;

/** One line that says how far the work is: overwritten on a terminal, written now and then elsewhere. */
export function progressLine(stream: Writable): { update(text: string): void; done(last?: string): void } {
  if ('isTTY' in stream && stream.isTTY === true) {
    const log = createLogUpdate(stream as NodeJS.WriteStream);
    return {
      update: (text) => log(text),
      done: (last) => {
        if (last !== undefined) log(last);
        log.done();
      },
    };
  }
  let written = Number.NEGATIVE_INFINITY;
  return {
    update: (text) => {
      if (performance.now() - written < logIntervalMs) return;
      written = performance.now();
      stream.write(`${text}\n`);
    },
    done: (last) => {
      if (last !== undefined) stream.write(`${last}\n`);
    },
  };
}
