import { fileURLToPath } from 'node:url';
import type { Seed } from '../../protocol/seed.ts';
import { runProcess } from '../../scripts/run-process.mjs';
import { choices } from '../../server/src/selfplay/choices.ts';
import { packagesEnvironment } from './packages.ts';

/** How seeds compare with the installed package. */
export interface Truth {
  readonly agree: number;
  readonly differ: readonly string[];
  /** Seeds with nothing to compare: of files that are not installed, such as tests. */
  readonly elsewhere: number;
}

/** Runs some seeds, chosen by chance, against the package that they were mined from, installed in an environment of its own. */
export async function truthOf(seeds: readonly Seed[], count: number, signal: AbortSignal): Promise<Truth> {
  const programs = await packagesEnvironment(signal);
  const chosen = choices(1).some(seeds, count);
  const script = fileURLToPath(new URL('./truth.py', import.meta.url));
  const input = chosen.map((seed) => `${JSON.stringify(seed)}\n`).join('');
  const done = await runProcess(`${programs}/python`, ['-X', 'utf8', script], { signal, input });
  if (done.code !== 0) throw new Error(`truth.py ended with ${done.code}: ${done.stderr.slice(-500)}`);
  const byId = new Map(chosen.map((seed) => [seed.id, seed]));
  const found = done.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { id: string; agrees: boolean | null; why: string });
  return {
    agree: found.filter(({ agrees }) => agrees === true).length,
    differ: found
      .filter(({ agrees }) => agrees === false)
      .map(({ id, why }) => {
        const seed = byId.get(id);
        return `${seed?.provenance.file}:${seed?.provenance.symbol} ${seed?.entry}${seed?.call}: ${why}`;
      }),
    elsewhere: found.filter(({ agrees }) => agrees === null).length,
  };
}
