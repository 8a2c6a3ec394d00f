import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventData } from './server-sent-events.ts';

async function read(chunks: readonly Uint8Array[]): Promise<string[]> {
  const body = (async function* () {
    yield* chunks;
  })();
  const found: string[] = [];
  for await (const data of eventData(body, 'here')) found.push(data);
  return found;
}

const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n]/g, ''));
const event = line.filter((text) => text !== '[DONE]');

describe('server-sent events', () => {
  it('come whole however their bytes are cut', async () => {
    const property = fc.asyncProperty(
      fc.array(event, { maxLength: 5 }),
      fc.constantFrom('\n', '\r\n'),
      fc.integer({ min: 1, max: 7 }),
      async (events, end, size) => {
        const bytes = Buffer.from(events.map((data) => `: comment${end}data: ${data}${end}${end}`).join(''));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        expect(await read(chunks)).toEqual(events);
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });

  it('end at [DONE], and one without its end is none', async () => {
    const text = 'data: 1\n\ndata: [DONE]\n\ndata: 2\n\n';
    expect(await read([Buffer.from(text)])).toEqual(['1']);
    expect(await read([Buffer.from('data: 1\n\ndata: 2\n')])).toEqual(['1']);
  });
});
