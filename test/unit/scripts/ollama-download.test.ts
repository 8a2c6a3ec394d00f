import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { downloadFile, downloadText } from '../../../scripts/ollama/download.mjs';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));
const sha256 = createHash('sha256').update(content).digest('hex');

/** What each request asked for, and how many bytes its answer may have before the connection breaks. */
let ranges: (string | undefined)[] = [];
let breaksAfter: number[] = [];
let url = '';
let file = '';

beforeEach(async () => {
  ranges = [];
  breaksAfter = [];
  const server = http.createServer((request, response) => {
    ranges.push(request.headers.range);
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from >= content.length) return void response.writeHead(416).end();
    const rest = content.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': rest.length });
    const limit = breaksAfter.shift();
    if (limit === undefined) return void response.end(rest);
    response.write(rest.subarray(0, limit), () => setTimeout(() => response.destroy(), 20));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ollama.tgz`;
  file = path.join(await temporaryFolder(), 'downloads', 'ollama.tgz');
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

const said: string[] = [];
const say = (text: string) => void said.push(text);

describe('a download', () => {
  it('says its size before it comes, and comes whole', async () => {
    said.length = 0;
    await downloadFile(url, file, sha256, { say });
    expect(said[0]).toContain('0 MB to download');
    expect((await readFile(file)).equals(content)).toBe(true);
    expect(existsSync(`${file}.part`)).toBe(false);
  });

  it('that breaks off is taken up where it broke, as often as it moves on', async () => {
    breaksAfter = [30_000, 30_000, 30_000, 30_000, 30_000, 30_000];
    await downloadFile(url, file, sha256, { say });
    expect((await readFile(file)).equals(content)).toBe(true);
    expect(ranges).toEqual([undefined, ...[1, 2, 3, 4, 5, 6].map((part) => `bytes=${part * 30_000}-`)]);
  });

  it('of an earlier call is taken up, also where all of it was there', async () => {
    await downloadFile(url, file, sha256, { say });
    await writeFile(`${file}.part`, content.subarray(0, 1_000));
    await downloadFile(url, file, sha256, { say });
    await writeFile(`${file}.part`, content);
    await downloadFile(url, file, sha256, { say });
    expect(ranges).toEqual([undefined, 'bytes=1000-', `bytes=${content.length}-`]);
    expect((await readFile(file)).equals(content)).toBe(true);
  });

  it('of something else is refused and thrown away', async () => {
    const other = 'a'.repeat(64);
    await expect(downloadFile(url, file, other, { say })).rejects.toMatchObject({ reason: 'missing' });
    expect(existsSync(file)).toBe(false);
    expect(existsSync(`${file}.part`)).toBe(false);
  });

  it('that is interrupted keeps what came', async () => {
    breaksAfter = [30_000];
    const interrupt = new AbortController();
    const interrupted = downloadFile(url, file, sha256, {
      say: (text) => {
        if (text.includes('broke off')) interrupt.abort(new Error('interrupted'));
      },
      signal: interrupt.signal,
    });
    await expect(interrupted).rejects.toThrow('interrupted');
    expect((await readFile(`${file}.part`)).length).toBe(30_000);
    expect(existsSync(file)).toBe(false);
  });

  it('from where nobody is fails at once, and says why', async () => {
    const start = performance.now();
    await expect(downloadText('http://nowhere.invalid/sums.txt')).rejects.toMatchObject({
      reason: 'missing',
      message: expect.stringContaining('nowhere.invalid cannot be reached'),
    });
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
