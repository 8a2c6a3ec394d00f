import { readFile } from 'node:fs/promises';
import type { Exchange } from './exchanges.ts';

/** A request with the response that a server gave. In a file: one line each for request, head, and line of the body. */
export interface Recording {
  readonly exchange: Exchange;
  readonly status: number;
  readonly contentType: string;
  /** Each line of the body, parsed. */
  readonly lines: readonly unknown[];
}

/** Makes an exchange with a server. */
export async function exchangeWith(host: string, exchange: Exchange): Promise<Recording> {
  const { method, path, body } = exchange;
  const response = await fetch(
    `${host}${path}`,
    body === undefined ? { method } : { method, body: JSON.stringify(body) },
  );
  const text = await response.text();
  return {
    exchange,
    status: response.status,
    // The character set differs from handler to handler and says nothing: JSON is UTF-8.
    contentType: (response.headers.get('content-type') ?? '').split(';')[0] ?? '',
    lines: text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line)),
  };
}

export function recordingFile(name: string): URL {
  return new URL(`./recordings/${name}.ndjson`, import.meta.url);
}

export async function readRecording(name: string): Promise<Recording> {
  const [exchange, head, ...lines] = (await readFile(recordingFile(name), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { exchange, ...head, lines };
}
