import type { Seed } from '../../protocol/seed.ts';
import { effectOf, isEligible } from '../../server/src/mining/eligible.ts';
import { findFiles } from '../../server/src/mining/files/find-files.ts';
import type { MineEvent } from '../../server/src/mining/mine.ts';
import { unitsOf } from '../../server/src/mining/units.ts';
import { openWorkspace, packagesBeside } from '../../server/src/mining/workspace.ts';

/** The units of a folder, as the yield counts them. */
export interface UnitCount {
  /** `file:symbol`. */
  readonly eligible: ReadonlySet<string>;
  /** Functions and methods that take an argument. */
  readonly all: number;
  /** Why the others of them are not eligible. */
  readonly ineligible: ReadonlyMap<string, number>;
  /** Why eligible units gave no seed. */
  lost(seeds: readonly Seed[]): ReadonlyMap<string, number>;
}

/** Counts the units outside of tests. `installed`: modules that programs can import. */
export async function countUnits(
  folder: string,
  events: readonly MineEvent[],
  installed: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<UnitCount> {
  const options = { folder, exclude: [], maxFiles: 50_000, maxFileBytes: 512 * 1024 };
  const { python } = await findFiles(options, signal);
  const packages = packagesBeside(python, installed);
  const workspace = openWorkspace(python, { ...options, packages });
  const losses = new Map<string, string>();
  for (const event of events) {
    if (event.type === 'loss' && event.symbol !== null)
      losses.set(`${event.file}:${event.symbol}`, event.loss);
  }
  const eligible = new Set<string>();
  const ineligible = new Map<string, number>();
  let all = 0;
  const count = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const file of python) {
    if (
      /(^|\/)(tests?|testing|docs?|examples?|benchmarks?|scripts|setup\.py|conftest\.py)(\/|$)|(^|\/)test_/.test(
        file,
      )
    )
      continue;
    const loaded = await workspace.load(file, signal);
    if (!loaded.ok) continue;
    for (const unit of unitsOf(loaded.module)) {
      if (unit.loss === 'no-parameter') continue;
      const why = isEligible(loaded.module.tree, unit);
      if (why === 'no-parameter') continue;
      all += 1;
      const name = `${file}:${unit.symbol}`;
      if (why !== true) count(ineligible, why);
      else if ((await effectOf(loaded.module, unit, workspace, signal)) !== undefined)
        count(ineligible, 'does-io');
      else eligible.add(name);
    }
  }
  return {
    eligible,
    all,
    ineligible,
    lost: (seeds) => {
      const has = new Set(seeds.map(({ provenance: { file, symbol } }) => `${file}:${symbol}`));
      const counts = new Map<string, number>();
      for (const name of eligible) if (!has.has(name)) count(counts, losses.get(name) ?? 'not asked');
      return counts;
    },
  };
}
