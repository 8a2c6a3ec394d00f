import { ModelError } from './model-error.ts';

/** The longest line that a server may send, characters. */
const longestLine = 1_000_000;

/** One event of a stream. `id`: the last one that the stream gave, for `Last-Event-ID`; empty where it gave none. */
export interface ServerSentEvent {
  readonly id: string;
  readonly data: string;
}

/**
 * The events of a stream of server-sent events that have `data` (WHATWG HTML, section 9.2), up to its end; fields of other names and
 * comments are passed over. Rejects with `bad-response` at an endless line.
 */
export async function* serverSentEvents(
  body: AsyncIterable<Uint8Array>,
  host: string,
): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  let id = '';
  let data: string[] = [];
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    if (rest.length > longestLine)
      throw new ModelError('bad-response', `${host} sends a line without an end.`);
    for (const line of lines) {
      if (line.startsWith('data:')) data.push(fieldValue(line, 'data:'));
      if (line.startsWith('id:')) id = fieldValue(line, 'id:');
      if (line !== '' || data.length === 0) continue;
      yield { id, data: data.join('\n') };
      data = [];
    }
  }
}

/** The `data` of each event, up to `[DONE]` or the end of the stream. Rejects as `serverSentEvents` does. */
export async function* eventData(body: AsyncIterable<Uint8Array>, host: string): AsyncGenerator<string> {
  for await (const { data } of serverSentEvents(body, host)) {
    if (data === '[DONE]') return;
    yield data;
  }
}

function fieldValue(line: string, field: string): string {
  const value = line.slice(field.length);
  return value.startsWith(' ') ? value.slice(1) : value;
}
