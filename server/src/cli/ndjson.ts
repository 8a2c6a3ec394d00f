import { addAbortSignal, type Readable, type Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** Longer lines, in UTF-16 units, are not kept: their place in the order is, as `undefined`. */
export const maxLineLength = 32 * 1024 * 1024;

/**
 * Yields the lines of a stream without their ends, empty ones too: a filter gives one line for each. A line above `maxLineLength`
 * comes as undefined. When aborted it rejects at once, also while nothing comes, and the stream is closed.
 */
export async function* readLines(input: Readable, signal: AbortSignal): AsyncGenerator<string | undefined> {
  signal.throwIfAborted();
  addAbortSignal(signal, input);
  const decoder = new StringDecoder('utf8');
  // Kept in parts: joining them at each chunk would take time quadratic in the line's length.
  let parts: string[] = [];
  let length = 0;
  const add = (part: string) => {
    length += part.length;
    if (length > maxLineLength) parts = [];
    else parts.push(part);
  };
  const line = () => {
    const whole = length > maxLineLength ? undefined : parts.join('');
    [parts, length] = [[], 0];
    return whole;
  };
  for await (const chunk of input) {
    const [rest = '', ...ends] = decoder.write(chunk as Buffer).split('\n');
    add(rest);
    for (const next of ends) {
      yield line();
      add(next);
    }
  }
  add(decoder.end());
  if (length > 0) yield line();
}

/** Deeper nesting than any record of ours has; what writes JSON again goes down as deep, and has a stack to go down on. */
const maxDepth = 200;

/**
 * Parses a line as a JSON object; undefined where it is none. A number that JavaScript would change (a long id) stays as it
 * is written.
 */
export function parseRecord(line: string | undefined): Record<string, unknown> | undefined {
  if (line === undefined) return undefined;
  try {
    // Some shells put a byte-order mark before what they pipe.
    const parsed: unknown = JSON.parse(line.replace(/^\ufeff/, ''), exactNumber);
    if (depth(parsed) > maxDepth) return undefined;
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch (error) {
    // The parser of JSON, too, goes down as deep as the text does.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** For `JSON.parse`: a number that would be written otherwise than it was read is kept as its text. */
function exactNumber(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || String(value) === source) return value;
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(source);
}

/** Whether a value is a number that is kept as its text; it is written as a number again. */
export function isExactNumber(value: unknown): value is number {
  return (JSON as unknown as { isRawJSON(value: unknown): boolean }).isRawJSON(value);
}

function depth(value: unknown): number {
  let deepest = 0;
  const waiting: [value: unknown, depth: number][] = [[value, 1]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [at, level] = next;
    if (typeof at !== 'object' || at === null) continue;
    deepest = Math.max(deepest, level);
    if (deepest > maxDepth) return deepest;
    for (const inner of Object.values(at)) waiting.push([inner, level + 1]);
  }
  return deepest;
}

/** Writes one record as a line, and waits where the reader is slower than we are. Rejects when aborted or when nobody reads on. */
export async function writeRecord(output: Writable, record: unknown, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: Error | null) => {
      signal.removeEventListener('abort', abort);
      output.off('close', close);
      if (error) reject(error);
      else resolve();
    };
    const abort = () => settle(signal.reason);
    // A stream that is closed in the middle of a write never calls back.
    const close = () => settle(output.errored ?? new Error('The output was closed.'));
    signal.addEventListener('abort', abort, { once: true });
    output.once('close', close);
    if (output.write(`${JSON.stringify(record)}\n`, settle)) settle();
  });
}
