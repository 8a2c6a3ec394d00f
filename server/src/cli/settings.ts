import type { MinedSource } from '../../../protocol/seed.ts';
import { Settings } from '../../../protocol/settings.ts';

/** How the command line mines: the settings' own defaults. */
export function miningSettings(sources?: readonly MinedSource[]): {
  readonly maxFiles: number;
  readonly maxFileBytes: number;
  readonly exclude: readonly string[];
  readonly sources: readonly MinedSource[];
} {
  const settings = Settings.parse({});
  return {
    maxFiles: settings['mining.maxFiles'],
    maxFileBytes: settings['mining.maxFileKb'] * 1024,
    exclude: settings['mining.exclude'],
    sources: sources ?? settings['mining.sources'],
  };
}
