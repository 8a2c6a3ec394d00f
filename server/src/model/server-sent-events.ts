import { ModelError } from './model-error.ts';

/** The longest line that a server may send, characters. */
const longestLine = 1_000_000;

/**
 * The `data` of each event of a stream of server-sent events (WHATWG HTML, section 9.2), up to `[DONE]` or its end; fields
 * of other names and comments are passed over. Rejects with `bad-response` at an endless line.
 */
export async function* eventData(body: AsyncIterable<Uint8Array>, host: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  let data: string[] = [];
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    if (rest.length > longestLine)
      throw new ModelError('bad-response', `${host} sends a line without an end.`);
    for (const line of lines) {
      if (line.startsWith('data:')) data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
      if (line !== '' || data.length === 0) continue;
      const whole = data.join('\n');
      data = [];
      if (whole === '[DONE]') return;
      yield whole;
    }
  }
}
