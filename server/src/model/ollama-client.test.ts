import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startFakeOllama } from '../../../test/fake-ollama/fake-ollama.ts';
import { asModelError, ollamaClients } from './ollama-client.ts';

const never = new AbortController().signal;

/** What a proxy was asked for. */
let asked: string[] = [];

beforeEach(async () => {
  asked = [];
  const proxy = http.createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(502).end();
  });
  proxy.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  for (const name of ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY']) vi.stubEnv(name, address);
  for (const name of ['no_proxy', 'NO_PROXY']) vi.stubEnv(name, '');
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  });
});

describe('a proxy that the environment names', () => {
  it('is never asked for loopback', async () => {
    const server = await startFakeOllama();
    onTestFinished(() => server.close());
    expect(await ollamaClients(server.host)(never).version()).toMatchObject({ version: '0.17.4' });
    expect(asked).toEqual([]);
  });

  it('is asked for every other host', async () => {
    await expect(ollamaClients('http://models.invalid:11434')(never).version()).rejects.toThrow();
    expect(asked.join()).toContain('models.invalid:11434');
  });

  it('is not asked where the environment excepts the host', async () => {
    vi.stubEnv('no_proxy', 'models.invalid');
    await expect(ollamaClients('http://models.invalid:11434')(never).version()).rejects.toThrow();
    expect(asked).toEqual([]);
  });
});

describe('a client', () => {
  it('sends nothing to the host that another one points to', async () => {
    const other = await startFakeOllama();
    const pointing = http.createServer((_, response) => {
      response.writeHead(307, { location: `${other.host}/api/version` }).end();
    });
    await new Promise<void>((resolve) => pointing.listen(0, '127.0.0.1', resolve));
    onTestFinished(async () => {
      await other.close();
      pointing.closeAllConnections();
      await new Promise((resolve) => pointing.close(resolve));
    });
    const host = `http://127.0.0.1:${(pointing.address() as AddressInfo).port}`;
    await expect(ollamaClients(host)(never).version()).rejects.toMatchObject({ reason: 'http-error' });
    expect(other.requests).toEqual([]);
  });

  it('reads no more of a refusal than it tells', async () => {
    let written = 0;
    const endless = http.createServer((_, response) => {
      response.writeHead(500);
      const write = () => {
        written += 65_536;
        response.write('x'.repeat(65_536), () => setImmediate(write));
      };
      write();
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    onTestFinished(async () => {
      endless.closeAllConnections();
      await new Promise((resolve) => endless.close(resolve));
    });
    const host = `http://127.0.0.1:${(endless.address() as AddressInfo).port}`;
    await expect(ollamaClients(host)(never).version()).rejects.toMatchObject({ status: 500 });
    expect(written).toBeLessThan(2e7);
  });

  it('writes nothing to the console, whatever a server says', async () => {
    const console = vi.spyOn(globalThis.console, 'log');
    const server = await startFakeOllama({
      fault: () => ({ fault: 'status', status: 500, body: '<html>', contentType: 'text/html' }),
    });
    onTestFinished(() => server.close());
    await expect(ollamaClients(server.host)(never).version()).rejects.toMatchObject({ status: 500 });
    expect(console).not.toHaveBeenCalled();
    console.mockRestore();
  });
});

describe('what a call failed with', () => {
  it.each([
    ['ECONNREFUSED', 'refused'],
    ['ENOTFOUND', 'unreachable'],
    ['UND_ERR_CONNECT_TIMEOUT', 'unreachable'],
    ['ECONNRESET', 'unreachable'],
    ['UND_ERR_SOCKET', 'unreachable'],
  ])('%s is %s, however deep it lies', (code, reason) => {
    const cause = Object.assign(new Error('deep'), { code });
    const error = new TypeError('fetch failed', { cause: new Error('between', { cause }) });
    expect(asModelError(error, 'http://127.0.0.1:1').reason).toBe(reason);
  });

  it('is never taken from the text of a message', () => {
    expect(asModelError(new Error('ECONNREFUSED'), 'http://127.0.0.1:1').reason).toBe('bad-response');
  });
});
