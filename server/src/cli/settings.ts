import { Settings } from '../../../protocol/settings.ts';

/** How the command line mines: the settings' own defaults. */
export function miningSettings(): { maxFiles: number; maxFileBytes: number; exclude: readonly string[] } {
  const settings = Settings.parse({});
  return {
    maxFiles: settings['mining.maxFiles'],
    maxFileBytes: settings['mining.maxFileKb'] * 1024,
    exclude: settings['mining.exclude'],
  };
}
