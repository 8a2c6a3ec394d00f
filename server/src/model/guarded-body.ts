import { ModelError } from './model-error.ts';

/** The longest line that a server may send, characters: those of Ollama have hundreds. */
const longestLine = 1_000_000;

/**
 * Passes an NDJSON body on and fails it with a `ModelError` at a line that is no JSON, is endless, or is an error: the
 * client library would print such a line to the console and go on without it, and a sample would lack a token.
 */
export function guardedBody(host: string): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  let line = '';
  return new TransformStream({
    transform(chunk, controller) {
      const lines = (line + decoder.decode(chunk, { stream: true })).split('\n');
      line = lines.pop() ?? '';
      if (line.length > longestLine) throw notJson(host);
      for (const whole of lines) checkLine(whole, host);
      controller.enqueue(chunk);
    },
    flush() {
      if (line !== '') checkLine(line, host);
    },
  });
}

function checkLine(line: string, host: string): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (cause) {
    throw notJson(host, cause);
  }
  const said = (parsed as { error?: unknown } | null)?.error;
  if (said !== undefined) throw new ModelError('http-error', `${host} failed: ${String(said)}`);
}

function notJson(host: string, cause?: unknown): ModelError {
  return new ModelError('bad-response', `${host} sent what is no JSON. Is it Ollama?`, { cause });
}
