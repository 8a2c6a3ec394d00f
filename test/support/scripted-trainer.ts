import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { z } from 'zod';
import { type TrainerErrorReason, TrainerProblem } from '../../protocol/trainer.ts';

/** A request that came, whole. */
export interface Asked {
  /** `PUT /v1/runs/a`, without the query. */
  readonly what: string;
  readonly query: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export type Answer = (response: http.ServerResponse, asked: Asked) => void;

/** A record of the contract; throws where it is none. */
export function record<T>(schema: z.ZodType<T>, value: T, status = 200): Answer {
  const text = JSON.stringify(schema.parse(value));
  return (response) => response.writeHead(status, { 'content-type': 'application/json' }).end(text);
}

export function problem(status: number, reason: TrainerErrorReason, detail = 'It is so.'): Answer {
  return record(TrainerProblem, { reason, detail }, status);
}

export function said(status: number, body: string): Answer {
  return (response) => response.writeHead(status).end(body);
}

/** Breaks the connection off in the middle of an answer, late enough that what was written has come. */
export function breakOff(response: http.ServerResponse): void {
  setTimeout(() => response.destroy(), 150);
}

export const hangUp: Answer = (response) => response.destroy();
export const silence: Answer = () => undefined;

/**
 * A real server on loopback that answers each request by its method and path (`*` stands for any run): one answer after the other, the
 * last one again and again, and `no-such-route` where none is scripted. Gone when the test ends.
 */
export async function scriptedTrainer(
  script: Readonly<Record<string, readonly Answer[]>>,
): Promise<{ readonly address: string; readonly asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { pathname, search } = new URL(request.url ?? '', 'http://here');
      const what = `${request.method} ${pathname}`;
      const before = asked.filter((one) => one.what === what).length;
      const one = {
        what,
        query: search,
        headers: request.headers,
        body: Buffer.concat(parts).toString('utf8'),
      };
      asked.push(one);
      const anyRun = what.replace(/(?<=\/runs\/)[^/]+/, '*');
      const answers = script[what] ?? script[anyRun] ?? [problem(404, 'no-such-route')];
      (answers[before] ?? answers.at(-1))?.(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
