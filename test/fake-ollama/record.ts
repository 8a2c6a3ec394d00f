import { writeFile } from 'node:fs/promises';
import { ollamaHost } from '../../server/src/model/ollama-host.ts';
import { exchanges } from './exchanges.ts';
import { exchangeWith, recordingFile } from './recording.ts';

/** Records a real Ollama (`OLLAMA_HOST`) anew: `node test/fake-ollama/record.ts`. */

/** Texts that nothing reads: long ones, and ones that name the machine that they were recorded on. */
const leftOut = ['modelfile', 'license', 'parent_model'];

const host = ollamaHost(process.env);
for (const exchange of exchanges) {
  const { status, contentType, lines } = await exchangeWith(host, exchange);
  const parts = [exchange, { status, contentType }, ...lines];
  const content = parts.map((part) => `${JSON.stringify(part, leaveOut)}\n`).join('');
  await writeFile(recordingFile(exchange.name), content);
  process.stdout.write(`${exchange.name}: ${status}, ${lines.length} lines\n`);
}

function leaveOut(key: string, value: unknown): unknown {
  if (leftOut.includes(key)) return '…';
  if (typeof value !== 'string') return value;
  // An address is one of the machine's or of somebody's page; a blob lies in somebody's folder.
  return value.includes('://') ? '…' : value.replace(/(?<=open ).*(?=[\\/]blobs)/, '…');
}
