import { emitKeypressEvents, type Key } from 'node:readline';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';

/** A terminal's keyboard: keys as they are pressed, or a line that is written and ended with Enter. */
export interface Keyboard {
  /** The next key: a character, or `quit` for Ctrl-C, Ctrl-D and the end of the input. Other keys are passed over. Rejects when aborted. */
  key(signal: AbortSignal): Promise<string>;
  /** A line; undefined where it is left with Ctrl-C or Ctrl-D, or nothing was written. Rejects when aborted. */
  line(question: string, signal: AbortSignal): Promise<string | undefined>;
  /** Drops keys that were pressed already: they were meant for what was shown before. */
  forget(): void;
  /** Gives the terminal back as it was. */
  close(): void;
}

/** Input that tells each key at once. */
export interface TerminalInput extends Readable {
  readonly isTTY: true;
  setRawMode(mode: boolean): unknown;
}

export function isTerminal(input: Readable): input is TerminalInput {
  return 'isTTY' in input && input.isTTY === true && 'setRawMode' in input;
}

/** Keys that wait at most; more of them were not meant for what is yet to be shown. */
const maxWaiting = 8;

/** Takes over a terminal until it is closed. */
export function openKeyboard(input: TerminalInput, output: Writable): Keyboard {
  const waiting: string[] = [];
  let wake: (() => void) | undefined;
  let isLine = false;
  const press = (key: string) => {
    if (waiting.length < maxWaiting) waiting.push(key);
    wake?.();
  };
  const onKey = (text: string | undefined, { ctrl, meta, name }: Key) => {
    if (isLine) return;
    if (ctrl === true && (name === 'c' || name === 'd')) press('quit');
    else if (ctrl !== true && meta !== true && text !== undefined && [...text].length === 1) press(text);
  };
  const onEnd = () => press('quit');
  emitKeypressEvents(input);
  input.on('keypress', onKey);
  input.on('end', onEnd);
  return {
    key: async (signal) => {
      signal.throwIfAborted();
      if (waiting.length === 0) {
        input.setRawMode(true);
        input.resume();
        await new Promise<void>((resolve, reject) => {
          const abort = () => reject(signal.reason);
          signal.addEventListener('abort', abort, { once: true });
          wake = () => {
            signal.removeEventListener('abort', abort);
            resolve();
          };
        }).finally(() => {
          wake = undefined;
          input.setRawMode(false);
        });
      }
      return waiting.shift() ?? 'quit';
    },
    line: async (question, signal) => {
      isLine = true;
      const reader = createInterface({ input, output, terminal: true });
      const left = new AbortController();
      const leave = () => left.abort();
      reader.on('SIGINT', leave);
      reader.on('close', leave);
      try {
        const written = await reader.question(question, { signal: AbortSignal.any([signal, left.signal]) });
        return written.trim() === '' ? undefined : written;
      } catch (error) {
        if (left.signal.aborted && !signal.aborted) return undefined;
        throw error;
      } finally {
        reader.off('close', leave);
        reader.close();
        isLine = false;
      }
    },
    forget: () => {
      // The end of the input stays one.
      waiting.splice(0, waiting.length, ...waiting.filter((key) => key === 'quit'));
    },
    close: () => {
      input.off('keypress', onKey);
      input.off('end', onEnd);
      input.setRawMode(false);
      input.pause();
    },
  };
}
