import { connect } from '../../server/src/model/connect.ts';

/**
 * A process that connects to Ollama, says how on standard output, and holds it until it is killed or its input ends:
 * `node hold-ollama.ts [keep]`.
 */
const { how, close } = await connect(
  { env: process.env, keep: process.argv[2] === 'keep' },
  new AbortController().signal,
);
process.stdout.write(`${how}\n`);
for await (const _chunk of process.stdin);
await close();
