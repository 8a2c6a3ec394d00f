import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** Longer lines are not kept: their place in the order is, as `undefined`. */
export const maxLineBytes = 32 * 1024 * 1024;

/** Yields the lines of a stream without their ends, empty ones left out; a line above `maxLineBytes` comes as undefined. */
export async function* readLines(input: Readable, signal: AbortSignal): AsyncGenerator<string | undefined> {
  const decoder = new StringDecoder('utf8');
  let pending = '';
  let tooLong = false;
  for await (const chunk of input) {
    signal.throwIfAborted();
    const lines = (pending + decoder.write(chunk as Buffer)).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      if (tooLong || line.length > maxLineBytes) yield undefined;
      else if (line.trim() !== '') yield line;
      tooLong = false;
    }
    if (pending.length > maxLineBytes) {
      tooLong = true;
      pending = '';
    }
  }
  pending += decoder.end();
  if (tooLong) yield undefined;
  else if (pending.trim() !== '') yield pending;
}

/** Parses a line as a JSON object; undefined where it is none. */
export function parseRecord(line: string | undefined): Record<string, unknown> | undefined {
  if (line === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Writes one record as a line, and waits where the reader is slower than we are. */
export async function writeRecord(output: Writable, record: unknown): Promise<void> {
  if (output.write(`${JSON.stringify(record)}\n`)) return;
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: Error) => {
      output.off('drain', settle);
      output.off('error', settle);
      output.off('close', settle);
      if (error) reject(error);
      else resolve();
    };
    output.once('drain', settle);
    output.once('error', settle);
    output.once('close', settle);
  });
}
