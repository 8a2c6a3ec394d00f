import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * What a receiver does with one request, after it has read the whole of it. `hang-up`: closes the connection without a
 * word; `cut-answer`: in the middle of a good answer; `silence`: never answers.
 */
export type Spoken =
  | 'hang-up'
  | 'cut-answer'
  | 'silence'
  | {
      readonly status: number;
      readonly body?: string;
      readonly type?: string;
      readonly retryAfter?: string;
      readonly location?: string;
    };

export interface Received {
  readonly ids: readonly string[];
  readonly headers: http.IncomingHttpHeaders;
}

/** A real server on loopback that answers as scripted, and well once the script is over. Gone when the test ends. */
export async function receiver(
  script: readonly Spoken[],
): Promise<{ url: string; received: Received[]; end(): Promise<void> }> {
  const received: Received[] = [];
  const left = [...script];
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const lines = Buffer.concat(parts).toString().split('\n').slice(0, -1);
      const ids = lines.map((line) => (JSON.parse(line) as { id: string }).id);
      received.push({ ids, headers: request.headers });
      answer(response, left.shift() ?? { status: 204 });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const end = async () => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(end);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/groups`, received, end };
}

function answer(response: http.ServerResponse, spoken: Spoken): void {
  if (spoken === 'silence') return;
  if (spoken === 'hang-up') {
    response.destroy();
    return;
  }
  if (spoken === 'cut-answer') {
    response.writeHead(200, { 'content-length': 100 });
    response.write('half an ans', () => response.destroy());
    return;
  }
  const { status, body, type, retryAfter, location } = spoken;
  if (type !== undefined) response.setHeader('content-type', type);
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
  if (location !== undefined) response.setHeader('location', location);
  response.writeHead(status).end(body);
}
