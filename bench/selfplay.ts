/**
 * `npm run bench:selfplay [-- FOLDER --model NAME --minutes N --repeats N --stops N --proposals N]`: how well self-play uses the
 * model, how soon it stops, and what comes of proposals; on the sample package where no folder is named. Prints
 * - trainable, judged attempts per minute, ours against the naive loop (siblings in parallel, judged before the next
 *   group is asked), at equal `num_predict`;
 * - utilisation: completion tokens per second of the run ÷ the same prompts and completion lengths replayed in the best
 *   order found with nothing else running;
 * - prompt tokens saved by siblings: of the prompt tokens of a group's later samples, those that were not read again, as
 *   their time to the first token tells against the first sample's (a server counts cached tokens, too);
 * - CPU of our own process per sample (`process.cpuUsage`, all threads): what the engine costs the machine besides the model
 *   and the sandboxes;
 * - how long a run goes on after it is stopped, as by Pause or Ctrl-C, at moments by chance;
 * - with `--proposals`, valid, new and non-trivial ones in our forms, shares of forms following what comes of them, against the
 *   `absolute-zero` preset's (new programs from six references) in a chat.
 * 0 repeats, stops or proposals leave a part out. Run it alone on the machine.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packageWorkspace } from '../scripts/pypi/package-workspace.mjs';
import { sample } from '../scripts/sample.mjs';
import { connect } from '../server/src/model/connect.ts';
import { ollamaEndpoint } from '../server/src/model/ollama.ts';
import { createSandbox } from '../server/src/sandbox/create-sandbox.ts';
import { tellSandbox } from '../server/src/sandbox/sandbox.ts';
import { preparedStores } from './selfplay/prepared-store.ts';
import { measureProposals } from './selfplay/proposals.ts';
import { measureScheduling } from './selfplay/scheduling.ts';
import { measureStops } from './selfplay/stops.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: 'smollm2:135m' },
    minutes: { type: 'string', default: '2' },
    repeats: { type: 'string', default: '3' },
    stops: { type: 'string', default: '10' },
    proposals: { type: 'string', default: '400' },
  },
});
const { signal } = new AbortController();
const folder = path.resolve(positionals[0] ?? (await packageWorkspace(sample, { offline: false, signal })));
const connection = await connect({ env: process.env, keep: false }, signal);
const endpoint = ollamaEndpoint({ host: connection.host });
const sandbox = await createSandbox({ env: process.env }, signal);
const place = await mkdtemp(path.join(os.tmpdir(), 'autodidact-bench-'));
try {
  console.log(`${folder}, ${values.model}; programs run in ${tellSandbox(sandbox)}`);
  const parts = {
    endpoint,
    sandbox,
    folder,
    model: values.model,
    store: await preparedStores(place, folder, sandbox, signal),
  };
  const [minutes, repeats] = [Number(values.minutes), Number(values.repeats)];
  if (repeats > 0) await measureScheduling({ minutes, repeats }, parts, signal);
  if (Number(values.stops) > 0) await measureStops(Number(values.stops), parts);
  if (Number(values.proposals) > 0) await measureProposals(Number(values.proposals), parts, signal);
} finally {
  await sandbox.close();
  await connection.close();
  await rm(place, { recursive: true, force: true });
}
