import { PassThrough, Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { maxLineLength, parseRecord, readLines, writeRecord } from './ndjson.ts';

const never = new AbortController().signal;

async function linesOf(...chunks: (string | Buffer)[]): Promise<(string | undefined)[]> {
  return Array.fromAsync(readLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), never));
}

describe('reading lines', () => {
  it.each<[string, string[], (string | undefined)[]]>([
    ['nothing', [], []],
    ['a line without an end', ['a'], ['a']],
    ['lines', ['a\nb\n'], ['a', 'b']],
    ['an empty line, which counts', ['a\n\nb\n'], ['a', '', 'b']],
    ['a line in pieces', ['a', 'b', 'c\nd', '\n'], ['abc', 'd']],
  ])('%s', async (_, chunks, lines) => expect(await linesOf(...chunks)).toEqual(lines));

  it('joins a character that is cut in two', async () => {
    const bytes = Buffer.from('é\n');
    expect(await linesOf(bytes.subarray(0, 1), bytes.subarray(1))).toEqual(['é']);
  });

  it('keeps the place of a line that is too long, and goes on after it', async () => {
    const mebibyte = 'a'.repeat(2 ** 20);
    const long = Array<string>(maxLineLength / 2 ** 20 + 1).fill(mebibyte);
    expect(await linesOf('1\n', ...long, '\n2\n')).toEqual(['1', undefined, '2']);
    expect(await linesOf(...long)).toEqual([undefined]);
  });

  it('takes time linear in the length of a line', async () => {
    const start = performance.now();
    const [line] = await linesOf(...Array<string>(20_000).fill('a'.repeat(1000)));
    expect(line?.length).toBe(20_000_000);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it('stops at once when aborted, also while nothing comes', async () => {
    const abort = new AbortController();
    const input = new PassThrough();
    const reading = Array.fromAsync(readLines(input, abort.signal));
    input.write('a\n');
    abort.abort();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    expect(input.destroyed).toBe(true);
  });
});

describe('parsing a line', () => {
  it.each<[string | undefined, unknown]>([
    ['{"a": 1}\r', { a: 1 }],
    ['\ufeff{}', {}],
    ['', undefined],
    ['[1]', undefined],
    ['null', undefined],
    ['{"a": 1', undefined],
    [undefined, undefined],
  ])('%j', (line, record) => expect(parseRecord(line)).toEqual(record));
});

describe('writing records', () => {
  /** A reader that takes nothing before it is told to. */
  function stalled(): { readonly output: Writable; readonly taken: string[]; readonly go: () => void } {
    const taken: string[] = [];
    let go = () => {};
    const output = new Writable({
      highWaterMark: 4,
      write: (chunk: Buffer, _encoding, done) => {
        taken.push(chunk.toString());
        go = done;
      },
    });
    return { output, taken, go: () => go() };
  }

  it('waits for a slow reader', async () => {
    const { output, taken, go } = stalled();
    let written = false;
    const writing = writeRecord(output, { a: 1 }, never).then(() => {
      written = true;
    });
    await new Promise(setImmediate);
    expect([taken, written]).toEqual([['{"a":1}\n'], false]);
    go();
    await writing;
  });

  it('stops waiting when aborted', async () => {
    const abort = new AbortController();
    const writing = writeRecord(stalled().output, { a: 1 }, abort.signal);
    abort.abort();
    await expect(writing).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('rejects when nobody reads on', async () => {
    const { output } = stalled();
    output.on('error', () => {});
    const waiting = writeRecord(output, { a: 1 }, never);
    output.destroy();
    await expect(waiting).rejects.toThrow('closed');
    await expect(writeRecord(output, { a: 2 }, never)).rejects.toMatchObject({
      code: 'ERR_STREAM_DESTROYED',
    });
  });
});

describe('records of others', () => {
  it('are written as they were read, also where JavaScript would change a number', () => {
    const line = '{"id":12345678901234567890,"n":0.10000000000000000055511,"m":1e400,"k":[1,-0.5]}';
    expect(JSON.stringify(parseRecord(line))).toBe(line);
  });

  it.each([
    ['nested deeper than can be written again', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
    ['nested deeper than can be read', `{"a":${'['.repeat(5_000_000)}${']'.repeat(5_000_000)}}`],
  ])('are none where they are %s', (_, line) => expect(parseRecord(line)).toBeUndefined());

  it('may be nested as anybody would', () => {
    const line = `{"a":${'['.repeat(100)}${']'.repeat(100)}}`;
    expect(JSON.stringify(parseRecord(line))).toBe(line);
  });
});
