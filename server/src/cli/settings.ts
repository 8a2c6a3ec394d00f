import type { CallSource } from '../../../protocol/seed.ts';
import { Settings } from '../../../protocol/settings.ts';
import { readSplitRule, type SplitRule } from '../mining/splits/split-rule.ts';

/** What the command line says of mining. */
export interface MiningFlags {
  readonly sources?: readonly CallSource[];
  readonly split?: string;
}

/** How the command line mines: the settings' own defaults. */
export function miningSettings({ sources, split }: MiningFlags = {}): {
  readonly maxFiles: number;
  readonly maxFileBytes: number;
  readonly exclude: readonly string[];
  readonly sources: readonly CallSource[];
  readonly split: SplitRule;
} {
  const settings = Settings.parse({});
  return {
    maxFiles: settings['mining.maxFiles'],
    maxFileBytes: settings['mining.maxFileKb'] * 1024,
    exclude: settings['mining.exclude'],
    sources: sources ?? settings['mining.sources'],
    split: readSplitRule(split ?? settings['mining.split']),
  };
}
