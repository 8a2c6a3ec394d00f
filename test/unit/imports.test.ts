import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';

const server = path.resolve(import.meta.dirname, '../../server/src');

/** Every source of the server that imports a file below a folder, tests left out. Paths within `server/src`. */
async function importers(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const file of await readdir(server, { recursive: true })) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
    const source = await readFile(path.join(server, file), 'utf8');
    const named = [...source.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, to = '']) =>
      path.posix.join(path.posix.dirname(file.replaceAll('\\', '/')), to),
    );
    if (named.some((to) => to.startsWith(`${folder}/`))) found.push(file.replaceAll('\\', '/'));
  }
  return found.filter((file) => !file.startsWith(`${folder}/`)).sort();
}

it('what models think of each other’s words is asked for by its own command, and by nothing that judges or pays', async () => {
  expect(await importers('review/panel')).toEqual(['cli/panel.ts']);
});

it('pseudo-labels are made by a run that was asked for them, and read by nothing that judges, pays, measures or streams', async () => {
  expect(await importers('selfplay/pseudo-labels')).toEqual([
    'cli/play.ts',
    'selfplay/play.ts',
    'selfplay/prepare.ts',
    'selfplay/report.ts',
    'selfplay/round.ts',
  ]);
});
