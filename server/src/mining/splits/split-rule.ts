import { createHash } from 'node:crypto';
import { Split } from '../../../../protocol/seed.ts';
import type { Settings } from '../../../../protocol/settings.ts';

/**
 * How units are divided. `unit`: by hash of package and top-level symbol; `package`: by hash of the package alone; `commit-date`:
 * by the day on which a unit's file came into the repository; `none`: everything is for training.
 */
export type SplitRule =
  | { readonly by: 'unit' | 'package' | 'none' }
  | { readonly by: 'commit-date'; readonly gateFrom: string; readonly testFrom: string };

/** Where a unit stands, as far as its split depends on it. */
export interface SplitPlace {
  /** The topmost package that holds its file, or the module's own name. */
  readonly package: string;
  /** The top-level definition that it is or belongs to: a class's methods stay together, for each of them needs the class. */
  readonly symbol: string;
  /** ISO 8601 date of the file's first commit; null where there is none. */
  readonly since: string | null;
}

/** Shares of the hash, of 1: 60 % train, 15 % gate, 25 % test. */
const gateFrom = 0.6;
const testFrom = 0.75;

/** Reads the setting: `unit`, `package`, `none`, or `commit-date:` with the days from which on files are gate, then test. */
export function readSplitRule(setting: Settings['mining.split']): SplitRule {
  if (setting === 'unit' || setting === 'package' || setting === 'none') return { by: setting };
  const [gate = '', test = ''] = setting.replace('commit-date:', '').split(',').sort();
  return { by: 'commit-date', gateFrom: gate, testFrom: test };
}

/** The split of a unit by its place alone: the same on every machine and after every edit of its code. */
export function splitOfPlace(rule: SplitRule, { package: name, symbol, since }: SplitPlace): Split {
  switch (rule.by) {
    case 'none':
      return 'train';
    case 'commit-date':
      // What was never committed is newer than everything that was.
      if (since === null || since >= rule.testFrom) return 'test';
      return since >= rule.gateFrom ? 'gate' : 'train';
    case 'package':
      return splitOfHash(name);
    case 'unit':
      return splitOfHash(`${name}\0${symbol}`);
  }
}

/** The split of several together: test before gate before train. */
export function strictest(splits: Iterable<Split>): Split {
  const rank = (split: Split) => Split.options.indexOf(split);
  let found: Split = 'train';
  for (const split of splits) if (rank(split) > rank(found)) found = split;
  return found;
}

function splitOfHash(key: string): Split {
  const share = createHash('sha256').update(key).digest().readUIntBE(0, 6) / 2 ** 48;
  if (share < gateFrom) return 'train';
  return share < testFrom ? 'gate' : 'test';
}
