import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exitCodeOf } from './hand-over.mjs';
import { runMain, SetupError } from './say.mjs';

/** `npm run bench:NAME [-- …]`: runs `bench/NAME.ts`. */

const bench = join(dirname(dirname(fileURLToPath(import.meta.url))), 'bench');

await runMain(async () => {
  const [name = '', ...args] = process.argv.slice(2);
  const script = join(bench, `${name}.ts`);
  if (/^[a-z-]+$/.test(name) && existsSync(script)) return exitCodeOf(process.execPath, [script, ...args]);
  const names = (await readdir(bench))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -3));
  throw new SetupError('usage', `There is no bench ${name}. There are: ${names.join(', ')}.`);
});
