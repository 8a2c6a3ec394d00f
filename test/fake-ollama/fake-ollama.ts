import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { answer, type FakeState, holdModel } from './answers.ts';
import type { FakeRequest, FakeScript } from './script.ts';
import { sendBody } from './send-body.ts';

export interface FakeOllama {
  /** As `ollamaHost` would give it. */
  readonly host: string;
  /** All requests so far, in the order in which they came. */
  readonly requests: readonly FakeRequest[];
  close(): Promise<void>;
}

/**
 * Starts a server on loopback that speaks as Ollama does (recorded in `recordings/`), with a scripted model and scripted
 * faults. Without a script it serves `fake:latest`, which writes `None`.
 */
export async function startFakeOllama(script: FakeScript = {}): Promise<FakeOllama> {
  const requests: FakeRequest[] = [];
  const models = (script.models ?? [{ name: 'fake:latest' }]).map(holdModel);
  const state: FakeState = {
    script,
    models: new Map(models.map((model) => [model.name, model])),
    loaded: new Map(),
    blobs: new Set(),
  };
  const server = http.createServer((incoming, response) => {
    void serve(incoming, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function serve(incoming: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { method = '', url: path = '' } = incoming;
    const ended = new Promise<'finished' | 'closed'>((resolve) => {
      response.once('close', () => resolve(response.writableFinished ? 'finished' : 'closed'));
    });
    const body = await read(incoming);
    const request: FakeRequest = { method, path, body, ended };
    requests.push(request);
    const fault = script.fault?.(request);
    const streams = path === '/api/generate' && body.stream !== false;
    await sendBody(response, answer(request, fault, state), fault, streams ? (script.tokenMs ?? 0) : 0);
  }
}

/** A body as JSON; that of an upload is only read to its end. */
async function read(incoming: http.IncomingMessage): Promise<FakeRequest['body']> {
  if (incoming.method === 'GET') return undefined;
  if (incoming.url?.startsWith('/api/blobs/')) {
    for await (const _chunk of incoming);
    return undefined;
  }
  return json(incoming);
}
